using Payouts.Tests.Simulation.Runs;

namespace Payouts.Tests.Simulation.Laws;

/// <summary>
/// A signer that thinks an hour about everything, by a clock that nobody waits for. What it authorizes waits for no channel and no channel waits for it: the ledger
/// alone sets the pace. ./run.sh simulate --slow-signer pays 5,000 so.
/// </summary>
public sealed class When_the_signer_takes_an_hour
{
    private const int Channels = 20;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Should_pay_as_many_in_each_ledger_as_there_are_channels_and_ask_for_nobody_twice()
    {
        var result = await Run.SlowSignerAsync(winners: 10 * Channels, Channels, Hour, authorizes: true);
        result.Asked.ShouldBe(1, "no winner is asked for twice");
        result.PaidByLedger.ShouldAllBe(paid => paid == Channels, "every channel pays in every ledger");
        result.Took.ShouldBeInRange(Hour, Hour + TimeSpan.FromMinutes(3));
    }

    /// <summary>What that is against: an envelope holds its channel while it is thought about.</summary>
    [Fact]
    public async Task Should_take_an_hour_for_each_turn_of_the_channels_where_envelopes_are_signed()
    {
        var result = await Run.SlowSignerAsync(winners: 3 * Channels, Channels, Hour, authorizes: false);
        result.Took.ShouldBeInRange(3 * Hour, 3 * Hour + TimeSpan.FromMinutes(20));
    }
}
