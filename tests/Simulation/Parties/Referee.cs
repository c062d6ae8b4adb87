using Payouts.Rounds.Cancelling;
using Payouts.Tests.Simulation.Chance;
using Payouts.Tests.Simulation.Judging;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Parties;

/// <summary>Calls rounds off, as people do at the door of rounds: every stake goes back. One who got no answer asks again.</summary>
internal sealed class Referee(Debts debts, Database database, Dice dice, Tally tally, Trace trace)
{
    /// <summary>Rounds that are not drawn yet and have all their players: only then it is known before what will be owed.</summary>
    public IReadOnlyList<string> Open => [.. debts.Rounds.Where(round =>
        database.Count(Database.Rounds, FormattableString.Invariant($"select count(*) from rounds where id = '{round.Key}' and state in ('OPEN', 'CLOSED') and entries = {round.Count()}")) == 1).Select(round => round.Key)];

    /// <summary>One request, sent to a process of rounds that lives. It never ends when that one dies meanwhile.</summary>
    public async Task CallOffAsync(ServiceProcess rounds)
    {
        if (Open is not { Count: > 0 } open)
            return;
        var round = dice.Pick(open);
        trace.Add($"the referee calls {round} off");
        var refusal = await rounds.Service<RoundCancellation>().CancelAsync(round, "referee", "the table broke down", CancellationToken.None);
        trace.Add($"  {refusal?.Code.ToString() ?? "called off"}");
        tally.Add("cancellation", refusal?.Code.ToString() ?? "Taken");
    }
}
