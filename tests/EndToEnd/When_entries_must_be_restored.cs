using Payouts.Devnet.Faults;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>
/// Nobody has used the contract for months, and the server wants its entries restored by transactions of their own: four processes, RabbitMQ and
/// PostgreSQL.
/// </summary>
public sealed class When_entries_must_be_restored(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(150);
    private static readonly string[] Players = [.. Enumerable.Range(300, 8).Select(SuiteKeys.Player)];

    private static readonly Dictionary<string, string> List = new()
    {
        ["PAYOUT_METHOD_NAME"] = "distribute_batch",
        ["PAYOUT_ARGUMENT_LAYOUT"] = "ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol",
        ["PAYOUTS_RECIPIENTS_MAX"] = "8",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 240_000)]
    [InlineData("one winner a call")]
    [InlineData("a list")]
    public async Task Should_restore_them_and_pay_everybody_once(string method)
    {
        var isList = method == "a list";
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Channels = 3, Extra = isList ? List : new() }, Cancelled);
        Archive(suite);
        await suite.Game.PlayAsync("archived", 1, Players, Cancelled);

        await suite.SettledAsync("archived", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(1, Players);
        var restored = await RestoringAsync(suite);
        restored.ShouldBeInRange(1, isList ? 1 : 3, "one for each transaction that was being built at that time");
        (await CountAsync(suite, "payout_signer.sign_requests")).ShouldBe(isList ? 1 : Players.Length, "the external signer was asked for payments only");
        (await CountAsync(suite, "payout_builder.payouts where channel is null and current_state <> 'Confirmed'")).ShouldBe(0);
    }

    /// <summary>Killed with the restoring transaction on its way, each service goes on where it was. A run draws one of them.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Should_pay_everybody_once_although_a_service_is_killed_meanwhile()
    {
        var services = Drawn.Of(["payout-builder", "payout-signer", "payout-submitter"], 1);
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = [.. Enumerable.Range(0, services.Count).SelectMany(PlayersOf)], Channels = 3 }, Cancelled);
        foreach (var (index, service) in services.Index())
        {
            var (round, number, restored) = ($"archived-{service}", (uint)index + 2, await RestoringAsync(suite));
            Archive(suite);
            var stall = suite.Devnet.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LedgerStall });
            await suite.Game.PlayAsync(round, number, PlayersOf(index), Cancelled);
            await Probe.Until(
                $"{round}: a slot is spent on restoring", _ => CountAsync(suite, $"payout_builder.payouts where burn_until is not null and round_id = '{round}'"), count => count > 0, Within, cancellationToken: Cancelled);

            await suite[service].KillAsync(Cancelled);
            await suite[service].StartAsync(Cancelled);
            suite.Devnet.Ledger.Faults.Remove(stall);

            await suite.SettledAsync(round, Within, Cancelled);
            suite.ShouldHavePaidEachOnce(number, PlayersOf(index));
            (await RestoringAsync(suite)).ShouldBeGreaterThan(restored);
        }
    }

    /// <summary>No key here can restore: a human is told what to do, and nothing is lost meanwhile.</summary>
    [Fact(Timeout = 240_000)]
    public async Task Should_tell_a_human_without_channel_accounts()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Channels = 0 }, Cancelled);
        Archive(suite);
        await suite.Game.PlayAsync("archived", 3, Players, Cancelled);

        await Probe.Until("a human is told", async token => await suite.PayoutStatesAsync("archived", token), states => states is ["OnHold/EntryArchived 8"], Within, cancellationToken: Cancelled);

        (await CountAsync(suite, "payout_builder.payouts where hold_detail like '%PAYOUT_CHANNEL_ACCOUNTS%'")).ShouldBe(Players.Length);
        (await RestoringAsync(suite)).ShouldBe(0);
        suite.Devnet.Ledger.Payouts().ShouldBeEmpty();
    }

    private static string[] PlayersOf(int round) => [.. Enumerable.Range(300 + (round * 8), 8).Select(SuiteKeys.Player)];

    private static void Archive(SuiteProcesses suite)
    {
        var ledger = suite.Devnet.Ledger;
        (ledger.ArchiveInstance(ledger.PayoutContract) && ledger.ArchiveBalance(ledger.PayoutContract)).ShouldBeTrue("contract and treasury are archived");
        ledger.Faults.Add(new FaultRule { Kind = FaultKind.RestorePreamble });
    }

    /// <summary>Transactions on the ledger that took a slot to restore.</summary>
    private static Task<long> RestoringAsync(SuiteProcesses suite) => CountAsync(suite, "payout_submitter.submissions where kind = 'Burn' and ledger is not null");

    private static Task<long> CountAsync(SuiteProcesses suite, string what) => suite.Database.ReadAsync<long>($"select count(*) from {what}", Cancelled);
}
