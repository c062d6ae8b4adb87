using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>The contract's admin, who pays without the suite.</summary>
internal static class AdminByHand
{
    private const long StroopsEach = 100_000_000;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);

    /// <summary>Pays 10 XLM for the round; returns the transaction's hash.</summary>
    public static async Task<string> PayAsync(SuiteProcesses suite, uint roundNumber, string winner, CancellationToken cancellationToken, PayoutContractCall? call = null)
    {
        var ledger = suite.Devnet.Ledger;
        using var http = new HttpClient();
        var rpc = new SorobanRpcClient(http, new SorobanRpcOptions { Endpoints = [suite.Devnet.Address] }, TimeProvider.System);
        var source = SuiteKeys.PayoutSource;
        var draft = new TransactionBuilder(source.AccountId, ledger.SequenceNumber(source.AccountId)!.Value + 1)
            .Add((call ?? new PayoutContractCall(ledger.PayoutContract)).Pay(new PayoutOrder(new PayoutKey("test", 7, roundNumber, Address.Parse(winner)), StroopsEach, Currency.Parse("XLM"))))
            .ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)ledger.LatestCloseTime + 300)).Build();
        var simulation = (await rpc.SimulateTransactionAsync(draft.ToEnvelope(), cancellationToken)).ShouldBeOfType<SimulationResult.Success>();
        var limits = new FeeLimits { InclusionFeeMax = 1_000_000, ResourceFeeMax = 100_000_000, TotalFeeMax = 100_000_000 };
        var signed = TransactionAssembler.Assemble(draft, simulation, 1000, limits).ShouldBeOfType<AssemblyResult.Assembled>().Transaction.Sign(ledger.Network, source);
        var hash = signed.Hash(ledger.Network);
        (await rpc.SendTransactionAsync(signed.ToBase64(), hash, cancellationToken)).ShouldBeOfType<SendOutcome.Pending>();
        await Probe.Until("it is on the ledger", async token => await rpc.GetTransactionAsync(hash, token) is TransactionLookup.Found, Within, cancellationToken: cancellationToken);
        return hash.ToString();
    }
}
