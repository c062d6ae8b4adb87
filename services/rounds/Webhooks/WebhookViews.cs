using System.Text.Json;

namespace Payouts.Rounds.Webhooks;

/// <summary>A delivery as it is listed.</summary>
internal sealed record WebhookView
{
    public required long Id { get; init; }

    public required string Endpoint { get; init; }

    /// <summary>The header of the same name.</summary>
    public required string WebhookId { get; init; }

    public required string Event { get; init; }

    public required string RoundId { get; init; }

    /// <summary>Waiting, Delivered or Failed.</summary>
    public required string State { get; init; }

    /// <summary>Since it was written, or replayed.</summary>
    public required int Tries { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried next; only while it waits.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public string? LastOutcome { get; init; }

    public string? LastDetail { get; init; }

    public DateTimeOffset? LastTriedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? ReplayedAt { get; init; }

    public string? ReplayedBy { get; init; }

    public static WebhookView Of(WebhookDelivery row) => new()
    {
        Id = row.Id, Endpoint = row.Endpoint, WebhookId = row.WebhookId, Event = row.Event, RoundId = row.RoundId, State = row.State.ToString(), Tries = row.Tries,
        CreatedAt = row.CreatedAt, DueAt = row.State == WebhookState.Waiting ? row.DueAt : null,
        LastOutcome = row.LastOutcome?.ToString(), LastDetail = row.LastDetail, LastTriedAt = row.LastTriedAt,
        EndedAt = row.EndedAt, ReplayedAt = row.ReplayedAt, ReplayedBy = row.ReplayedBy,
    };
}

/// <summary>A page of deliveries, the newest first; no next: it is the last.</summary>
internal sealed record WebhooksPage(IReadOnlyList<WebhookView> Webhooks, long? Next);

/// <summary>A delivery and what it says.</summary>
internal sealed record WebhookDetail(WebhookView Webhook, JsonElement Body);
