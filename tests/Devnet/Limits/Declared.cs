using Payouts.Devnet.Soroban;
using Payouts.Devnet.Tests.Queue;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Tests.Limits;

/// <summary>Transactions that declare exactly what a test wants to be declared, and pay for it.</summary>
internal static class Declared
{
    private const int SignatureBytes = 72;

    /// <summary>A RestoreFootprint that finds nothing to restore: whatever it declares, it succeeds.</summary>
    public static Transaction Restore(TestNetwork net, string account, SorobanResources resources, long inclusionFee = 100) =>
        Pay(net, account, new OperationBody.RestoreFootprint(new RestoreFootprintOp(new ExtensionPoint.V0())), resources, inclusionFee);

    /// <summary>An ExtendFootprintTTL that finds nothing to extend.</summary>
    public static Transaction Extend(TestNetwork net, string account, SorobanResources resources) =>
        Pay(net, account, new OperationBody.ExtendFootprintTtl(new ExtendFootprintTTLOp(new ExtensionPoint.V0(), 1)), resources, 100);

    /// <summary>A read-only call whose signed envelope has exactly so many bytes: an authorization that nothing asks for fills it up.</summary>
    public static async Task<Transaction> OfSizeAsync(TestNetwork net, string account, int bytes)
    {
        var channel = net.Account(account);
        var bare = (await AssembleAsync(net, channel, 0)).Sign(net.Network, channel);
        return (await AssembleAsync(net, channel, bytes - Size(bare))).Sign(net.Network, channel);
    }

    public static int Size(Transaction transaction) => XdrCodec.ToBytes(transaction.ToEnvelope()).Length;

    public static SorobanResources Nothing { get; } = new(new LedgerFootprint([], []), 0, 0, 0);

    /// <summary>Keys of contract data that nobody has written.</summary>
    public static XdrArray<LedgerKey> Keys(TestNetwork net, int count) => Enumerable.Range(0, count)
        .Select(LedgerKey (i) => new LedgerKey.ContractData(new LedgerKeyContractData(net.Ledger.PayoutContract.ToScAddress(), ScVal.U32((uint)i), ContractDataDurability.PERSISTENT)))
        .ToXdrArray();

    public static XdrArray<LedgerKey> Accounts(int count) => Enumerable.Range(0, count)
        .Select(LedgerKey (i) => new LedgerKey.Account(new LedgerKeyAccount(TestNetwork.Key($"declared {i}").AccountId.ToXdr())))
        .ToXdrArray();

    /// <param name="refundable">Stroops for events and rent beyond what the declaration itself costs.</param>
    public static Transaction Pay(
        TestNetwork net, string account, OperationBody body, SorobanResources resources, long inclusionFee, long refundable = 0)
    {
        var channel = net.Account(account);
        var free = new SorobanTransactionData(new SorobanTransactionDataExt.V0(), resources, 0);
        var transaction = net.NoOp(channel).Body with { Operations = [new Stellar.Xdr.Operation(null, body)], Ext = new TransactionExt.V1(free) };
        var fee = ResourceFees.Compute(resources, Size(When_the_queue_is_asked.Unsigned(transaction)) + SignatureBytes, 0).Total + refundable;
        var paying = transaction with { Fee = (uint)(fee + inclusionFee), Ext = new TransactionExt.V1(free with { ResourceFee = fee }) };
        return When_the_queue_is_asked.Unsigned(paying).Sign(net.Network, channel);
    }

    private static Task<Transaction> AssembleAsync(TestNetwork net, KeyPair channel, int padding)
    {
        var nothing = new InvokeContractArgs(net.Ledger.PayoutContract.ToScAddress(), new SCSymbol("padding"), [ScVal.Bytes(new byte[padding])]);
        var unused = new SorobanAuthorizationEntry(
            new SorobanCredentials.SourceAccount(), new SorobanAuthorizedInvocation(new SorobanAuthorizedFunction.ContractFn(nothing), []));
        var call = net.Contract.GetPayout(net.Order(net.Admin).Key) with { Authorizations = [unused] };
        return net.AssembleAsync(net.Build(channel, call).Build());
    }
}
