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
        var inputsHash = TrailText.Hash(ResolutionText.Inputs(round.Id, policy, draw, book.BetsOf(round.Id)));
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
            OutcomeHash = TrailText.Hash(ResolutionText.Outcome(inputsHash, outcome)),
        };
        unit.Db.Add(resolution);
        book.Owe(round, outcome);
        book.Trail.Record(round, action, actor, reason, resolution.ContentHash());
        unit.Publish(new RoundResolved
        {
            RoundId = round.Id,
            Context = round.Key.Context,
            PoolId = round.Key.PoolId,
            RoundNumber = round.Key.RoundNumber,
            Currency = round.Currency,
            Owed = outcome.Owed,
            Payouts = outcome.Payouts,
        });
        Log.RoundResolved(logger, round.Id, policy.Name, policy.Version, outcome.Outcome, outcome.Payouts.Count, outcome.Owed);
        RoundSettlement.SettleIfPaid(round, unit, logger);
    }
}
