namespace Payouts.Rounds.Webhooks;

/// <summary>Where a game wants to be told, as ROUNDS_WEBHOOKS_FILE says it. No record: one would print its secrets.</summary>
internal sealed class WebhookEndpoint
{
    /// <summary>The operator's name of it: in rows, logs and filters.</summary>
    public required string Name { get; init; }

    public required Uri Url { get; init; }

    /// <summary>One, or two while one replaces the other. Never logged.</summary>
    public required IReadOnlyList<byte[]> Secrets { get; init; }

    /// <summary>The events that it is told.</summary>
    public required IReadOnlySet<string> Events { get; init; }

    public override string ToString() => Name;
}
