namespace Payouts.Devnet.Faults;

/// <param name="HttpStatus">The status to answer with an empty body; 0 breaks the connection.</param>
public readonly record struct WireFailure(int HttpStatus);

/// <summary>The sum of what strikes one call on its way.</summary>
public readonly record struct WireFault(TimeSpan Latency, WireFailure? BeforeExecution, WireFailure? AfterExecution, int LagLedgers)
{
    public WireFault With(FaultRule rule) => rule.Kind switch
    {
        FaultKind.Latency => this with { Latency = Latency + TimeSpan.FromMilliseconds(rule.LatencyMs) },
        FaultKind.LostRequest => this with { BeforeExecution = new WireFailure(0) },
        FaultKind.TooManyRequests => this with { BeforeExecution = new WireFailure(429) },
        FaultKind.ServiceUnavailable => this with { BeforeExecution = new WireFailure(503) },
        FaultKind.LostReply => this with { AfterExecution = new WireFailure(0) },
        FaultKind.GatewayTimeout => this with { AfterExecution = new WireFailure(504) },
        FaultKind.LaggingNode => this with { LagLedgers = Math.Max(LagLedgers, rule.Ledgers) },
        _ => this,
    };
}
