using Prometheus;

namespace Payouts.Signers;

/// <summary>What is counted of the provider. Labels come from closed lists.</summary>
internal static class KeyMetrics
{
    /// <summary>
    /// Signatures asked of the provider by outcome: Signed or a <see cref="SigningProblem"/>, each try by itself. Alert on AccessDenied, KeyDisabled,
    /// PinRefused, SignatureInvalid, KeyDiffers or KeyVersionDiffers: increase(signer_key_tries_total{outcome!~"Signed|Throttled|TimedOut|Unreachable"}[10m]) > 0.
    /// </summary>
    public static Counter Tries { get; } = Metrics.CreateCounter(
        "signer_key_tries_total", "Signatures asked of the key's provider, by what came back.", "provider", "outcome");

    /// <summary>A series that begins at 1 has not risen: the first refusal would alert nobody.</summary>
    public static void BeginAtZero(string provider)
    {
        foreach (var outcome in Enum.GetNames<SigningProblem>().Append("Signed"))
            Tries.WithLabels(provider, outcome);
    }

    /// <summary>How long the provider takes for a signature, failed tries included.</summary>
    public static Histogram Duration { get; } = Metrics.CreateHistogram(
        "signer_key_try_duration_seconds", "Time that the key's provider took for one try of a signature.", ["provider"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 15) });

    /// <summary>1 once the provider's public key is proven to be the payout source account's. Alert: signer_key_ready == 0 for 5 minutes.</summary>
    public static Gauge Ready { get; } = Metrics.CreateGauge(
        "signer_key_ready", "1 when the provider's public key was read and is the payout source account's.", "provider");
}
