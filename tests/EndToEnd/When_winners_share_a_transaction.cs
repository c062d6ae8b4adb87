using Payouts.Stellar;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>A contract method that takes a list of winners, in four processes on RabbitMQ and PostgreSQL.</summary>
public sealed class When_winners_share_a_transaction(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(120);
    private static readonly string[] Players = [.. Enumerable.Range(200, 11).Select(SuiteKeys.Player)];

    private static readonly Dictionary<string, string> List = new()
    {
        ["PAYOUT_METHOD_NAME"] = "distribute_batch",
        ["PAYOUT_ARGUMENT_LAYOUT"] = "ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol",
        ["PAYOUTS_RECIPIENTS_MAX"] = "6",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_pay_a_round_in_as_few_transactions_as_its_winners_need()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Channels = 2, Extra = List }, Cancelled);
        await suite.Game.PlayAsync("shared", 1, Players, Cancelled);

        await suite.SettledAsync("shared", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(1, Players);
        (await suite.Database.ReadAsync<long>("select count(distinct transaction_hash) from payout_builder.payouts", Cancelled)).ShouldBe(2, "eleven winners, six in a transaction");
    }

    /// <summary>Another program paid one of them by hand, so the contract refuses any list with that winner in it.</summary>
    [Fact(Timeout = 240_000)]
    public async Task Should_pay_the_others_when_one_winner_stops_the_list()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Channels = 2, Extra = List }, Cancelled);
        var call = new PayoutContractCall(suite.Devnet.Ledger.PayoutContract, "distribute_batch", PayoutArgumentLayout.Parse(List["PAYOUT_ARGUMENT_LAYOUT"]));
        var hash = await AdminByHand.PayAsync(suite, roundNumber: 2, Players[3], Cancelled, call);

        await suite.Game.PlayAsync("one stops", 2, Players, Cancelled);
        await suite.SettledAsync("one stops", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(2, Players);
        (await suite.Database.ReadAsync<string>($"select transaction_hash from payout_builder.payouts where winner = '{Players[3]}'", Cancelled)).ShouldBe(hash);
    }

    /// <summary>distribute_prize: all winners of a round in one call, in equal parts.</summary>
    [Fact(Timeout = 240_000)]
    public async Task Should_pay_a_prize_with_one_call()
    {
        var prize = new Dictionary<string, string> { ["PAYOUT_METHOD_NAME"] = "distribute_prize", ["PAYOUT_ARGUMENT_LAYOUT"] = "game_id:u32, total_prize:i128, winners:list, currency:address" };
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Channels = 2, Extra = prize, CurrencyByAddress = true }, Cancelled);
        await suite.Game.PlayAsync("prize", 3, Players, Cancelled, suite.NativeToken);

        await suite.SettledAsync("prize", Within, Cancelled);

        suite.ShouldHaveReceivedEachOnce(Players);
        (await suite.Database.ReadAsync<long>("select count(distinct transaction_hash) from payout_builder.payouts", Cancelled)).ShouldBe(1);
    }
}
