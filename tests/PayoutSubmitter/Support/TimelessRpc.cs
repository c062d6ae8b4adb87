using System.Reflection;
using Payouts.Stellar.Rpc;

namespace Payouts.Submitter.Tests.Support;

/// <summary>An RPC of an age that told no close times.</summary>
internal class TimelessRpc : DispatchProxy
{
    private ISorobanRpcClient _rpc = null!;

    public static ISorobanRpcClient Around(ISorobanRpcClient rpc)
    {
        var proxy = Create<ISorobanRpcClient, TimelessRpc>();
        ((TimelessRpc)(object)proxy)._rpc = rpc;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ISorobanRpcClient.GetHealthAsync) => HealthAsync((CancellationToken)args![0]!),
        nameof(ISorobanRpcClient.GetLatestLedgerAsync) => LatestAsync((CancellationToken)args![0]!),
        _ => targetMethod.Invoke(_rpc, args),
    };

    private async Task<Health> HealthAsync(CancellationToken cancellationToken) =>
        await _rpc.GetHealthAsync(cancellationToken) with { LatestLedgerCloseTime = null, OldestLedgerCloseTime = null };

    private async Task<LatestLedger> LatestAsync(CancellationToken cancellationToken) => await _rpc.GetLatestLedgerAsync(cancellationToken) with { CloseTime = null };
}
