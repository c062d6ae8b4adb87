using System.Collections.Frozen;
using System.Text.Json;
using Payouts.Contracts;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Doors;

/// <summary>Every refusal of a door as application/problem+json with its code, and the one table of their statuses.</summary>
internal static class DoorAnswers
{
    private static readonly FrozenDictionary<DoorCode, int> OfRequests = new Dictionary<DoorCode, int>
    {
        [DoorCode.IdempotencyKeyMissing] = 400,
        [DoorCode.IdempotencyKeyInvalid] = 400,
        [DoorCode.IdempotencyKeyReused] = 422,
        [DoorCode.BodyInvalid] = 400,
        [DoorCode.BodyTooLarge] = 413,
        [DoorCode.RoundIdDiffers] = 400,
        [DoorCode.CallerInvalid] = 400,
        [DoorCode.CallerDiffers] = 403,
        [DoorCode.ReasonInvalid] = 400,
        [DoorCode.ResolutionHashMissing] = 400,
        [DoorCode.QueryInvalid] = 400,
        [DoorCode.RoundNotFound] = 404,
        [DoorCode.DirectPayoutNotFound] = 404,
        [DoorCode.WebhookNotFound] = 404,
        [DoorCode.WebhookNotReplayed] = 409,
        [DoorCode.EndpointUnknown] = 404,
    }.ToFrozenDictionary();

    // 400: wrong in itself, whatever the round is. 409: does not fit the round as it is now.
    private static readonly FrozenDictionary<RefusalCode, int> OfRounds = new Dictionary<RefusalCode, int>
    {
        [RefusalCode.MessageIdMissing] = 400,
        [RefusalCode.RoundIdInvalid] = 400,
        [RefusalCode.SymbolInvalid] = 400,
        [RefusalCode.EntryCountInvalid] = 400,
        [RefusalCode.EntriesMissing] = 400,
        [RefusalCode.TooManyEntries] = 400,
        [RefusalCode.TooManyWinners] = 400,
        [RefusalCode.AccountInvalid] = 400,
        [RefusalCode.AmountInvalid] = 400,
        [RefusalCode.WeightInvalid] = 400,
        [RefusalCode.PrizeUnclear] = 400,
        [RefusalCode.DuplicatePlayer] = 409,
        [RefusalCode.DuplicateWinner] = 400,
        [RefusalCode.WinnerNotInRound] = 409,
        [RefusalCode.PolicyUnknown] = 400,
        [RefusalCode.ChoiceInvalid] = 400,
        [RefusalCode.SeedInvalid] = 400,
        [RefusalCode.YieldRateInvalid] = 400,
        [RefusalCode.WinnersUnexpected] = 400,
        [RefusalCode.OwedAbovePool] = 409,
        [RefusalCode.RoundConflict] = 409,
        [RefusalCode.KeyUsed] = 409,
        [RefusalCode.TreasuryShort] = 409,
        [RefusalCode.RoundCancelled] = 409,
        [RefusalCode.RoundAlreadyClosed] = 409,
        [RefusalCode.EntryCountExceeded] = 409,
        [RefusalCode.RoundUnknown] = 409,
        [RefusalCode.EntriesOutstanding] = 409,
        [RefusalCode.RoundNotClosed] = 409,
        [RefusalCode.ResolutionDiffers] = 409,
        [RefusalCode.DirectPayoutsOff] = 409,
        [RefusalCode.ReferenceInvalid] = 400,
        [RefusalCode.ReasonInvalid] = 400,
        [RefusalCode.ReferenceConflict] = 409,
        [RefusalCode.DebtOrdered] = 409,
    }.ToFrozenDictionary();

    /// <summary>The status of a request that is refused for this.</summary>
    public static int StatusOf(DoorCode code) => OfRequests[code];

    /// <summary>The status of an event that is refused for this.</summary>
    public static int StatusOf(RefusalCode code) => OfRounds[code];

    public static IResult Refuse(DoorCode code, string detail) => Problem(StatusOf(code), code.ToString(), detail, [detail]);

    public static IResult Refuse(Refusal refusal) => Problem(StatusOf(refusal.Code), refusal.Code.ToString(), refusal.Detail, refusal.Texts);

    /// <summary>An answer that was or will be kept: its text is the same each time.</summary>
    public static IResult Taken(DoorAnswer answer) => Results.Text(answer.Json, "application/json", System.Text.Encoding.UTF8, answer.Status);

    public static string Write(object shown) => JsonSerializer.Serialize(shown, ContractsJson.Options);

    private static IResult Problem(int status, string code, string detail, IReadOnlyList<string> problems) =>
        Results.Problem(statusCode: status, detail: detail, extensions: new Dictionary<string, object?> { ["code"] = code, ["problems"] = problems });
}

/// <summary>What a request that was taken is answered with.</summary>
internal sealed record DoorAnswer(int Status, string Json);

/// <summary>Leaves the work on a request that is refused before any round is asked.</summary>
internal sealed class DoorRefusedException(DoorCode code, string detail) : Exception(detail)
{
    public DoorCode Code { get; } = code;
}
