using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;

namespace Payouts.Builder.Tests.Deciding;

/// <summary>GET /payouts/ID says it in words.</summary>
public sealed class When_an_operator_asks_what_a_payout_waits_for
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>One call pays all winners of a prize: each of them must be free to go.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_name_those_of_its_prize_that_a_human_stopped()
    {
        await using var host = await StartAsync("game_id:u32, total_prize:i128, winners:list, currency:symbol");
        var waiting = Payout(1, "Building");
        var first = Payout(2, "OnHold", FailureCode.ContractRefused);
        var second = Payout(3, "Failed", FailureCode.FailedOnLedger);
        await AddAsync(host, waiting, first, second, Payout(4, "OnHold", FailureCode.Operator, round: "another"));

        var said = await SaidAsync(host, waiting);
        said.ShouldBe($"a human's decision about {string.Join(", ", new[] { first, second }.OrderBy(x => x.CorrelationId).Select(x => $"{x.CorrelationId} ({x.CurrentState} for {x.HoldCode})"))}: all winners of its round are paid in one call");
        (await SaidAsync(host, first)).ShouldBe($"a human: ContractRefused at Confirm; the round's one call waits for {second.CorrelationId} (Failed for FailedOnLedger) too");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(10, "")]
    [InlineData(11, " and 1 others")]
    public async Task Should_name_ten_and_count_the_rest(int stopped, string rest)
    {
        await using var host = await StartAsync("game_id:u32, total_prize:i128, winners:list, currency:symbol");
        var waiting = Payout(0, "Building");
        await AddAsync(host, [waiting, .. Enumerable.Range(1, stopped).Select(number => Payout(number, "OnHold", FailureCode.ContractRefused))]);

        var said = await SaidAsync(host, waiting);
        said.Split("(OnHold for ContractRefused)").Length.ShouldBe(11);
        said.ShouldContain($"(OnHold for ContractRefused){rest}: all winners");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_say_what_ends_the_slot_and_what_follows()
    {
        await using var host = await StartAsync("ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol");
        var leader = Own(Payout(1, "OnHold", FailureCode.AlreadyPaid), 11);
        leader.SlotWatched = true;
        var member = Payout(2, "Grouped");
        member.LeaderId = leader.CorrelationId;
        var parting = Own(Payout(3, "Building"), 12);
        parting.SlotWatched = true;
        var signing = Own(Payout(4, "AwaitingSignature"), 13);
        var stranger = Payout(5, "Building");
        await AddAsync(host, leader, member, parting, signing, stranger, Payout(6, "Confirmed"));

        (await SaidAsync(host, leader)).ShouldBe($"a human: AlreadyPaid at Confirm; meanwhile for the ledger to show slot {leader.Channel}/11 unused after {Now.AddMinutes(5):O}, when no envelope of it can be applied any more");
        (await SaidAsync(host, member)).ShouldStartWith($"payout {leader.CorrelationId}, whose transaction pays it too; that one is OnHold and waits for: a human: AlreadyPaid");
        (await SaidAsync(host, parting)).ShouldEndWith("then its group is halved on that slot");
        (await SaidAsync(host, signing)).ShouldBe($"its signature, until {Now.AddMinutes(5):O}");
        (await SaidAsync(host, stranger)).ShouldBe("a channel account");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_say_nothing_of_one_that_has_ended()
    {
        await using var host = await StartAsync("ctx:symbol, pool_id:u32, round_id:u32, winner:address, amount:i128, currency:symbol");
        var paid = Payout(1, "Confirmed");
        await AddAsync(host, paid);

        JsonNode.Parse(await host.Http.GetStringAsync($"payouts/{paid.CorrelationId}", Cancelled))!["waitsFor"].ShouldBeNull();
    }

    private static Task<BuilderHost> StartAsync(string layout) => BuilderHost.StartAsync(clock: new FakeTimeProvider(Now), extra: new Dictionary<string, string?>
    {
        ["PAYOUT_METHOD_NAME"] = "distribute",
        ["PAYOUT_ARGUMENT_LAYOUT"] = layout,
        ["PAYOUT_CHANNEL_ACCOUNTS"] = Sample.Account("lane"),
    });

    private static async Task<string> SaidAsync(BuilderHost host, Payout payout) =>
        JsonNode.Parse(await host.Http.GetStringAsync($"payouts/{payout.CorrelationId}", Cancelled))!["waitsFor"]!.GetValue<string>();

    private static Task AddAsync(BuilderHost host, params Payout[] payouts) => host.ReadAsync(async (db, token) =>
    {
        db.AddRange(payouts);
        return await db.SaveChangesAsync(token);
    });

    private static Payout Own(Payout payout, long sequence)
    {
        (payout.Channel, payout.SequenceNumber, payout.Exposed, payout.TransactionHash, payout.Envelopes) = (Sample.Admin.AccountId.ToString(), sequence, true, new string('a', 64), new string('a', 64));
        (payout.Attempt, payout.ValidUntil, payout.ExposedUntil, payout.MaxLedger, payout.ExposedMaxLedger) = (1, Now.AddMinutes(5), Now.AddMinutes(5), 99, 99);
        return payout;
    }

    private static Payout Payout(int number, string state, FailureCode? code = null, string round = "round") => new()
    {
        CorrelationId = Guid.CreateVersion7(), CurrentState = state, RoundId = round, Context = "GAME", RoundNumber = 1, Winner = Sample.Account($"winner {number}"),
        Amount = new Stroops(50_000_000), Currency = "XLM", PlannedAt = Now, EnteredStateAt = Now,
        HoldStage = code is null ? null : PayoutStage.Confirm, HoldCode = code, HoldDetail = code is null ? null : "as the test says",
    };
}
