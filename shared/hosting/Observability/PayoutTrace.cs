using System.Diagnostics;
using Payouts.Contracts;

namespace Payouts.Hosting.Observability;

/// <summary>
/// Each payout is one trace, and the trace's id is the payout's id: no service hands a context to the next, none is stored, and a payout that waited
/// for days, was restarted, replayed or taken up by another replica is still one trace. A span is written when its step is over and committed. See
/// docs/adr/0034.
/// </summary>
public static class PayoutTrace
{
    /// <summary>The source's name, for who listens.</summary>
    public const string SourceName = "Payouts";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody listens: without, a span costs nothing.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>Writes a step that is over. Call it after the commit: what was rolled back did not happen.</summary>
    /// <param name="payout">Whose.</param>
    /// <param name="step">What it is called: from a closed list, docs/operations.md.</param>
    /// <param name="from">When it began.</param>
    /// <param name="to">When it was over; the clocks of two hosts may differ, so an earlier one than <paramref name="from"/> counts as that.</param>
    /// <param name="tags">What it came to. No secret, key or envelope.</param>
    public static void Write(PayoutId payout, string step, DateTimeOffset from, DateTimeOffset to, params IEnumerable<KeyValuePair<string, object?>> tags)
    {
        if (!IsOn)
            return;
        using var span = Source.StartActivity(step, ActivityKind.Internal, ContextOf(payout), tags.Prepend(new("payout.id", payout.ToString())), links: null, from);
        span?.SetEndTime((to < from ? from : to).UtcDateTime);
    }

    /// <summary>Writes that a signer has answered, when the request says that a trace is made: as a signer of somebody else's would, from what he was told.</summary>
    public static void WriteSigned(SigningRequested request, DateTimeOffset from, DateTimeOffset to)
    {
        if (request.Traceparent is not null)
            Write(request.PayoutId, "sign", from, to, new KeyValuePair<string, object?>("sign_request.id", request.RequestId.ToString()));
    }

    /// <summary>The W3C traceparent that puts the caller's spans into the payout's trace; null: no trace is made of this payout.</summary>
    public static string? TraceparentOf(PayoutId payout)
    {
        if (!IsOn)
            return null;
        // Made and not started: nothing is exported, but the sampler has been asked.
        using var probe = Source.CreateActivity("traceparent", ActivityKind.Internal, ContextOf(payout));
        var context = ContextOf(payout);
        return probe is { Recorded: true } ? $"00-{context.TraceId}-{context.SpanId}-01" : null;
    }

    /// <summary>All spans stand side by side below the payout itself, which has no span: it is not over before its last.</summary>
    private static ActivityContext ContextOf(PayoutId payout)
    {
        Span<byte> id = stackalloc byte[16];
        payout.Value.TryWriteBytes(id, bigEndian: true, out _);
        return new ActivityContext(ActivityTraceId.CreateFromBytes(id), ActivitySpanId.CreateFromBytes(id[8..]), ActivityTraceFlags.Recorded, isRemote: true);
    }
}
