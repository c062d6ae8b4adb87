using Payouts.Devnet.Faults;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>Prices rise while the envelopes are at the signer: four processes, RabbitMQ and PostgreSQL.</summary>
public sealed class When_fees_surge(Servers servers)
{
    private const long CapStroops = 2_000_000;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(120);
    private static readonly string[] Players = [.. Enumerable.Range(0, 4).Select(SuiteKeys.Player)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_pay_by_fee_bumps_without_a_second_signature()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.Nobody, Channels = Players.Length }, Cancelled);
        await SignedIntoASurgeAsync(suite, "bumped", 1, surgeStroops: 50_000);

        await suite.SettledAsync("bumped", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(1, Players);
        (await CountAsync(suite, "payout_signer.sign_requests")).ShouldBe(Players.Length, "one signature each");
        (await CountAsync(suite, "payout_submitter.fee_bumps")).ShouldBeGreaterThanOrEqualTo(Players.Length);
        (await CountAsync(suite, "payout_builder.payouts p join payout_submitter.fee_bumps b on b.bump_hash = p.transaction_hash")).ShouldBe(Players.Length, "each is known by the hash that the ledger has");
        (await CountAsync(suite, "payout_builder.payouts where attempt <> 1")).ShouldBe(0);
        (await suite["payout-submitter"].Http.GetStringAsync("metrics", Cancelled)).ShouldContain("payout_fee_bumps_total{step=\"1\"}");
    }

    /// <summary>A human is told; the slots are burned when prices fall, and nothing that was signed can pay any more.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Should_hold_above_the_cap_and_burn_the_slots_after_the_surge()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.Nobody, Channels = Players.Length }, Cancelled);
        await SignedIntoASurgeAsync(suite, "held", 2, surgeStroops: CapStroops);

        await Probe.Until("a human is told", async token => await suite.PayoutStatesAsync("held", token), states => states is ["OnHold/FeeAboveCap 4"], Within, cancellationToken: Cancelled);
        // What the queue still holds would pay after all: this is about what it has forgotten.
        var held = suite.Devnet.Ledger.LatestLedger;
        await Probe.Until("the queue has forgotten the envelopes", _ => Task.FromResult(suite.Devnet.Ledger.LatestLedger), ledger => ledger > held + 5, Within, cancellationToken: Cancelled);
        suite.Devnet.Ledger.Faults.Clear();

        await Probe.Until("the slots are burned", _ => CountAsync(suite, "payout_builder.payouts where channel is null"), count => count == Players.Length, Within, cancellationToken: Cancelled);
        (await CountAsync(suite, "payout_submitter.submissions where kind = 'Burn' and ledger is not null")).ShouldBe(Players.Length);
        suite.Devnet.Ledger.Payouts().ShouldBeEmpty();
    }

    /// <summary>Built at yesterday's price, signed when nobody takes that any more.</summary>
    private static async Task SignedIntoASurgeAsync(SuiteProcesses suite, string round, uint number, long surgeStroops)
    {
        await suite.Game.PlayAsync(round, number, Players, Cancelled);
        await Probe.Until("all wait for their signature", _ => CountAsync(suite, "payout_builder.payouts where current_state = 'AwaitingSignature'"), count => count == Players.Length, Within, cancellationToken: Cancelled);
        suite.Devnet.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = surgeStroops });
        await HttpSigner.SignAllAsync(suite, Players.Length, Within, Cancelled);
    }

    private static Task<long> CountAsync(SuiteProcesses suite, string what) => suite.Database.ReadAsync<long>($"select count(*) from {what}", Cancelled);
}
