using System.Reflection;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Runs;

/// <summary>Behaviour broken on purpose at a service's network client.</summary>
internal class Planted : DispatchProxy
{
    private readonly HashSet<TransactionHash> _lost = [];
    private ISorobanRpcClient _honest = null!;

    public static ISorobanRpcClient Wrap(PlantedFault fault, ServiceProcess process, ISorobanRpcClient client)
    {
        if (fault != PlantedFault.LostReplyIsFailure || process.Name != "payout-submitter")
            return client;
        var proxy = Create<ISorobanRpcClient, Planted>();
        ((Planted)proxy)._honest = client;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ISorobanRpcClient.SendTransactionAsync) => SendAsync((string)args![0]!, (TransactionHash)args[1]!, (CancellationToken)args[2]!),
        nameof(ISorobanRpcClient.GetTransactionAsync) => LookUpAsync((TransactionHash)args![0]!, (CancellationToken)args[1]!),
        _ => targetMethod.Invoke(_honest, args),
    };

    private async Task<SendOutcome> SendAsync(string signedXdr, TransactionHash hash, CancellationToken cancellationToken)
    {
        var outcome = await _honest.SendTransactionAsync(signedXdr, hash, cancellationToken);
        if (outcome is SendOutcome.Unknown)
            _lost.Add(hash);
        return outcome;
    }

    private async Task<TransactionLookup> LookUpAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        var answer = await _honest.GetTransactionAsync(hash, cancellationToken);
        if (answer is not TransactionLookup.NotFound || !_lost.Contains(hash))
            return answer;
        var failed = new TransactionResult(
            100,
            new TransactionResultResult.TxFailed([new OperationResult.OpInner(new OperationResultTr.InvokeHostFunction(new InvokeHostFunctionResult.ResourceLimitExceeded()))]),
            new TransactionResultExt.V0());
        return new TransactionLookup.Found(
            new TransactionRecord(hash, TransactionStatus.FAILED, 1, 1, false, DateTimeOffset.UnixEpoch, default, new EncodedXdr<TransactionResult>(XdrCodec.ToBase64(failed)), default, [], [], []),
            answer.Window);
    }
}
