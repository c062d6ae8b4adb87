namespace Payouts.Rounds.Webhooks;

/// <summary>Where a delivery is.</summary>
internal enum WebhookState
{
    /// <summary>It will be sent, or is being sent.</summary>
    Waiting,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>Given up: a human can replay it.</summary>
    Failed,
}

/// <summary>One event for one endpoint. The row commits with what the event tells, so it is there if, and only if, that happened.</summary>
internal sealed class WebhookDelivery
{
    /// <summary>Ascends as events happen; deliveries of one round to one endpoint go out in this order.</summary>
    public long Id { get; init; }

    public required string Endpoint { get; init; }

    /// <summary>The message's own id, as the broker has it.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The contract's name.</summary>
    public required string Event { get; init; }

    public required string RoundId { get; init; }

    /// <summary>The contract as JSON, UTF-8: the same bytes on every try, and on the broker.</summary>
    public required byte[] Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public WebhookState State { get; private set; }

    /// <summary>Since it was written or replayed.</summary>
    public int Tries { get; private set; }

    /// <summary>When it is next looked at: a retry, or the end of the lease of a replica that died.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>Names the one try that is under way; null: none is.</summary>
    public Guid? Lease { get; private set; }

    public WebhookOutcome? LastOutcome { get; private set; }

    public string? LastDetail { get; private set; }

    public DateTimeOffset? LastTriedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public DateTimeOffset? ReplayedAt { get; private set; }

    public string? ReplayedBy { get; private set; }

    /// <summary>The header webhook-id. The event's name is within, so that it is signed; no full stop is, so that nothing else can be read into what is signed.</summary>
    public string WebhookId => $"{Event}_{MessageId:D}";

    public static WebhookDelivery Of(string endpoint, Guid messageId, string name, string roundId, byte[] body, DateTimeOffset now) => new()
    {
        Endpoint = endpoint, MessageId = messageId, Event = name, RoundId = roundId, Body = body, CreatedAt = now, DueAt = now,
    };

    /// <summary>Somebody is sending it until the lease ends: nobody else may.</summary>
    public bool IsLeased(DateTimeOffset now) => Lease is not null && DueAt > now;

    /// <summary>This try is ours until <paramref name="until"/>. It counts from here on, so that one which kills its sender has an end too.</summary>
    public void Take(Guid lease, DateTimeOffset until) => (Lease, DueAt, Tries) = (lease, until, Tries + 1);

    /// <summary>The receiver has it, whoever holds the lease by now.</summary>
    public void Deliver(string detail, DateTimeOffset now)
    {
        (State, LastOutcome, EndedAt) = (WebhookState.Delivered, WebhookOutcome.Delivered, now);
        Told(detail, now);
    }

    /// <summary>Once more at <paramref name="dueAt"/>.</summary>
    public void Postpone(WebhookOutcome outcome, string detail, DateTimeOffset now, DateTimeOffset dueAt)
    {
        (LastOutcome, DueAt) = (outcome, dueAt);
        Told(detail, now);
    }

    /// <summary>No further try. The outcome of the last one stays to be read, if there was one.</summary>
    public void GiveUp(WebhookOutcome outcome, string detail, DateTimeOffset now)
    {
        (State, LastOutcome, EndedAt) = (WebhookState.Failed, outcome, now);
        Told(detail, now);
    }

    /// <summary>All tries anew, under the same webhook-id.</summary>
    public void Replay(string by, DateTimeOffset now) =>
        (State, Tries, DueAt, Lease, EndedAt, ReplayedAt, ReplayedBy) = (WebhookState.Waiting, 0, now, null, null, now, by);

    private void Told(string detail, DateTimeOffset now) => (LastDetail, LastTriedAt, Lease) = (detail, now, null);
}
