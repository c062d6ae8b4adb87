using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Tests.Decisions;

/// <summary>Rounds and events for the pure rules.</summary>
internal static class Read
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static RoundDraw Draw(GameRoundDrawn message) => GameEventReader.Read(message);

    /// <summary>Players FIRST, FIRST + 1, ... with these stakes in stroops.</summary>
    public static Dictionary<string, Bet> Stakes(params Int128[] stroops) =>
        stroops.Select((stake, i) => (Player: Tests.Game.Player(i + 1), Stake: new Bet(new Stroops(stake)))).ToDictionary(x => x.Player, x => x.Stake);

    /// <summary>A round brought to this state; players 1 and 2 entered with 1.5 and 2. Null: nobody opened it.</summary>
    public static Round? RoundIn(RoundState? state, GameRoundOpened opened, GameRoundDrawn drawn)
    {
        if (state is null)
            return null;
        var round = Round.Open(GameEventReader.Read(opened), Now);
        round.Enter(GameEventReader.Read(Entries(opened.RoundId)).Entries);
        if (state == RoundState.Cancelled)
        {
            round.Cancel(RoundState.Cancelled, Resolution.Refund(Known), RefundPolicy.Instance, "ann", "no oracle", Now);
            return round;
        }

        if (state >= RoundState.Closed)
            round.Close(RoundState.Closed, Now);
        if (state >= RoundState.Resolved)
        {
            var policy = new ReportedPolicy();
            round.Resolve(RoundState.Resolved, Draw(drawn), policy.Resolve(Draw(drawn), Known).Resolution!, policy, Now);
        }

        if (state >= RoundState.Settled)
            round.Settle(RoundState.Settled, Now);
        return round;
    }

    public static GameRoundEntered Entries(string roundId) => Tests.Game.Entered(roundId, 1, "1.5", "2");

    public static Dictionary<string, Bet> Known => Stakes(15_000_000, 20_000_000);
}
