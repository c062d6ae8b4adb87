using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Http;

/// <summary>A sign request as HTTP shows it.</summary>
public sealed record SignRequestView
{
    /// <summary>Names the request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Where it stands.</summary>
    public required SignRequestState State { get; init; }

    /// <summary>64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The slot of the payout; null: an authorization has none.</summary>
    public SequenceSlot? Slot { get; init; }

    /// <summary>What is signed.</summary>
    public required SigningForm Form { get; init; }

    /// <summary>When payout-builder asked.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Until when an answer is of use.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Why it ended, from closed lists.</summary>
    public string? Decision { get; init; }

    /// <summary>The facts of a refusal or rejection.</summary>
    public string? Reason { get; init; }

    /// <summary>While it waits: the same SigningRequested that the message carries.</summary>
    public SigningRequested? Request { get; init; }

    /// <summary>Of a payout that no round owes: who ordered it, and why.</summary>
    public DirectOrderView? Direct { get; init; }

    /// <summary>Where several keys may sign: who has answered, and what is still needed.</summary>
    public GatheredView? Gathered { get; init; }

    /// <summary>Shows a request; what to sign is read from the envelope again.</summary>
    public static SignRequestView Of(SignRequest request, Order? order, IntentCheck check, SignRequestBook book, GatheredView? gathered) => new()
    {
        RequestId = request.RequestId,
        PayoutId = request.PayoutId,
        Attempt = request.Attempt,
        State = request.State,
        TransactionHash = request.TransactionHash,
        Slot = request.Slot,
        Form = request.Form,
        AskedAt = request.AskedAt,
        Deadline = request.Deadline,
        AnsweredAt = request.AnsweredAt,
        Decision = request.Decision,
        Reason = request.Reason,
        Gathered = gathered,
        Direct = order is { IsDirect: true } ? new DirectOrderView(DirectName.ReferenceOf(order.RoundId)!, order.OrderedBy, order.Reason) : null,
        Request = request.State == SignRequestState.Waiting && order is not null
            && check.Check(SignOrder.Of(request, order.ToContract())) is IntentVerdict.ToSign sound ? book.ToSigner(request, sound.Intent) : null,
    };
}

/// <summary>An order outside a round as HTTP shows it to those who approve it.</summary>
/// <param name="Reference">The requester's own name of it.</param>
/// <param name="OrderedBy">Who ordered it over HTTP; null: a message of the game.</param>
/// <param name="Reason">Why.</param>
public sealed record DirectOrderView(string Reference, string? OrderedBy, string? Reason);
