namespace Payouts.Rounds.Webhooks;

/// <summary>The bounds of sending.</summary>
internal sealed record WebhookOptions
{
    /// <summary>Tries of one delivery before it is given up: three days in all.</summary>
    public const int TriesMax = 80;

    /// <summary>Sends to one endpoint at once. Endpoints do not wait for each other.</summary>
    public const int SendsAtOnceMax = 8;

    /// <summary>Deliveries that one request replays, or that are given up in one transaction.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Characters that are kept of why a try failed.</summary>
    public const int DetailLengthMax = 200;

    /// <summary>From the first byte out to the receiver's status; what takes longer is tried again.</summary>
    public TimeSpan SendTimeMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a replica has its deliveries to itself: well above <see cref="SendTimeMax"/> and what two clocks differ by.</summary>
    public TimeSpan LeaseTimeMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After the first failure; each further one doubles it.</summary>
    public TimeSpan PauseMin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause, also when a receiver asks for a longer one: an endpoint that is back gets everything within it.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long deliveries wait for an endpoint that the file lists no more.</summary>
    public TimeSpan UnlistedAgeMax { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How often due retries and what other replicas left are looked for.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the oldest is measured, and endpoints that are listed no more are looked for.</summary>
    public TimeSpan MeasureInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long to wait after a failure. Doubling with up to a quarter taken off by chance: pauses grow, and deliveries that failed together do
    /// not all come back together. The chance is the message's and the try's own, so that it can be computed again. Longer where the receiver asks for it.
    /// </summary>
    /// <param name="messageId">The message.</param>
    /// <param name="tries">Tries so far, from 1.</param>
    /// <param name="asked">What the receiver asked for.</param>
    public TimeSpan PauseAfter(Guid messageId, int tries, TimeSpan asked = default)
    {
        var chance = new Random(BitConverter.ToInt32(messageId.ToByteArray(), 12) ^ tries).NextDouble();
        var doubled = PauseMin * Math.Pow(2, Math.Min(tries - 1, 30));
        var own = NoLongerThanMax(doubled) * (1 - (0.25 * chance));
        return asked > own ? NoLongerThanMax(asked) : own;
    }

    private TimeSpan NoLongerThanMax(TimeSpan pause) => pause < PauseMax ? pause : PauseMax;
}
