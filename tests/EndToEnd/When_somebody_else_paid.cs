using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>Another program paid one of the winners before the suite heard of the round: four processes, RabbitMQ and PostgreSQL.</summary>
public sealed class When_somebody_else_paid(Servers servers)
{
    private const long StroopsEach = 100_000_000;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    private static readonly string[] Players = [.. Enumerable.Range(0, 5).Select(SuiteKeys.Player)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Should_find_that_payment_and_settle()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.HotKey }, Cancelled);
        var hash = await PayAsync(suite, roundNumber: 9, Players[0]);

        await suite.Game.PlayAsync("twice", 9, Players, Cancelled);
        await suite.SettledAsync("twice", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(9, Players);
        var found = await suite.Database.ReadAsync<string>($"select transaction_hash from payout_builder.payouts where winner = '{Players[0]}'", Cancelled);
        found.ShouldBe(hash);
    }

    private static async Task<string> PayAsync(SuiteProcesses suite, uint roundNumber, string winner)
    {
        var ledger = suite.Devnet.Ledger;
        using var http = new HttpClient();
        var rpc = new SorobanRpcClient(http, new SorobanRpcOptions { Endpoints = [suite.Devnet.Address] }, TimeProvider.System);
        var source = SuiteKeys.PayoutSource;
        var draft = new TransactionBuilder(source.AccountId, ledger.SequenceNumber(source.AccountId)!.Value + 1)
            .Add(new PayoutContractCall(ledger.PayoutContract).Pay(new PayoutOrder(new PayoutKey("test", 7, roundNumber, Address.Parse(winner)), StroopsEach, Currency.Parse("XLM"))))
            .ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)ledger.LatestCloseTime + 300)).Build();
        var simulation = (await rpc.SimulateTransactionAsync(draft.ToEnvelope(), Cancelled)).ShouldBeOfType<SimulationResult.Success>();
        var limits = new FeeLimits { InclusionFeeMax = 1_000_000, ResourceFeeMax = 100_000_000, TotalFeeMax = 100_000_000 };
        var signed = TransactionAssembler.Assemble(draft, simulation, 1000, limits).ShouldBeOfType<AssemblyResult.Assembled>().Transaction.Sign(ledger.Network, source);
        var hash = signed.Hash(ledger.Network);
        (await rpc.SendTransactionAsync(signed.ToBase64(), hash, Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        await Probe.Until("it is on the ledger", async token => await rpc.GetTransactionAsync(hash, token) is TransactionLookup.Found, Within);
        return hash.ToString();
    }
}
