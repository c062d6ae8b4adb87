using System.Text.Json;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Settlement;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Intake;

/// <summary>What a decision about a round's money leaves behind, drawn or cancelled: the resolution with its inputs, the debts, the trail, the announcement.</summary>
internal static class RoundResolver
{
    /// <summary>Of what is decided from, and of what is decided: the second holds the first.</summary>
    public static (string Inputs, string Outcome) HashesOf(string roundId, Decision.Decided decided, RoundDraw? draw, RoundBook book)
    {
        var inputs = TrailText.Hash(ResolutionText.Inputs(roundId, decided.Policy, draw, book.BetsOf(roundId)));
        return (inputs, TrailText.Hash(ResolutionText.Outcome(inputs, decided.Resolution)));
    }

    /// <summary>The draw would come to something else than what its sender saw.</summary>
    public static Refusal Differs(string roundId) => new([new Problem(RefusalCode.ResolutionDiffers,
        $"resolutionHash: round \"{roundId}\" comes to another outcome than the one that was seen; preview the draw again")]);

    /// <param name="round">Locked, and moved to its new state.</param>
    /// <param name="action">Resolved or Cancelled.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="decided">By which policy, and what came of it.</param>
    /// <param name="draw">Null: the round was cancelled.</param>
    /// <param name="book">Has the round's bets.</param>
    /// <param name="unit">The transaction.</param>
    /// <param name="logger">Told what is owed.</param>
    public static void Decide(
        Round round, TrailAction action, string actor, string reason, Decision.Decided decided, RoundDraw? draw, RoundBook book, UnitOfWork<RoundsDbContext> unit, ILogger logger)
    {
        var (policy, outcome) = (decided.Policy, decided.Resolution);
        var (inputsHash, outcomeHash) = HashesOf(round.Id, decided, draw, book);
        var resolution = new RoundResolution
        {
            RoundId = round.Id,
            TrailSeq = RoundTrail.NextOf(round),
            Policy = policy.Name,
            PolicyVersion = policy.Version,
            Seed = draw?.Seed,
            Draw = draw is null ? null : JsonSerializer.Serialize((GameRoundDrawn)draw.Contract, ContractsJson.Options),
            InputsHash = inputsHash,
            Outcome = outcome.Outcome.ToString(),
            OutcomeHash = outcomeHash,
        };
        unit.Db.Add(resolution);
        book.Owe(round, outcome);
        book.Trail.Record(round, action, actor, reason, resolution.ContentHash());
        unit.Publish(round.Announce(outcome.Payouts));
        Log.RoundResolved(logger, round.Id, policy.Name, policy.Version, outcome.Outcome, outcome.Payouts.Count, outcome.Owed);
        RoundSettlement.SettleIfPaid(round, unit, logger);
    }
}
