using Payouts.Builder.Building;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Hosting.Rpc;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Building;

public sealed class When_a_build_is_at_a_bound(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Ledgers of five seconds, half as many again; the shortest validity still gives twenty, the longest a sum that is a ledger.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(10, 20)]
    [InlineData(65, 20)]
    [InlineData(70, 21)]
    [InlineData(33_333_330, 9_999_999)]
    [InlineData(40_000_000, 10_000_000)]
    public async Task Should_be_valid_for_a_bounded_number_of_ledgers(int validitySeconds, uint ledgers)
    {
        await using var network = await BuildingNetwork.StartAsync();
        network.Close(100);
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);

        var built = await network.BuiltAsync(network.Command("winner"), network.Factory(x => x with { Validity = TimeSpan.FromSeconds(validitySeconds) }));

        var mean = (await network.Rpc.GetHealthAsync(Cancelled)).LatestLedger;
        ((double)(built.MaxLedger - mean)).ShouldBe(ledgers, ledgers * 0.05);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(600, 600)]
    [InlineData(601, 600)]
    public async Task Should_repeat_600_characters_of_a_servers_words(int said, int repeated)
    {
        await using var network = await BuildingNetwork.StartAsync();
        var rpc = new WatchedRpc(network.Rpc) { Simulated = new SimulationResult.Failed(new string('x', said), [], 7) };
        var factory = new TransactionFactory(rpc, new LedgerClock(rpc, TimeProvider.System), new InclusionFee(rpc, TimeProvider.System), network.Options);

        (await network.NotBuiltAsync(network.Command("winner"), factory)).Detail.ShouldBe(new string('x', repeated));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_be_tried_again_after_pauses_that_double_up_to_a_minute()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        var payout = store.Waiting(1);
        (payout.Channel, payout.SequenceNumber, payout.Attempt) = (Sample.Account("channel"), 10, 1);
        await store.AddAsync(payout);
        var pauses = new List<double>();
        for (var failures = 0; failures < 13; failures++)
        {
            await store.RaiseAsync(payout.CorrelationId, store.Machine.PayoutFailed, saga => new PayoutFailed
            {
                PayoutId = saga.Id, Attempt = 1, Stage = PayoutStage.Build, Code = FailureCode.NetworkUnavailable, Detail = "nobody listens", Transient = true, Slot = saga.Slot!,
            });
            pauses.Add(((await store.PayoutAsync(payout.CorrelationId)).WakeAt!.Value - store.Clock.GetUtcNow()).TotalSeconds);
        }

        pauses.ShouldBe([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60]);
    }
}
