namespace Payouts.Hosting.Messaging;

/// <summary>The message itself is wrong and no retry will mend it: it goes to the dead letters under its code, at once.</summary>
/// <param name="code">From the service's closed list of refusals.</param>
/// <param name="detail">What was wrong, where, and what would be right.</param>
public sealed class RefusedMessageException(string code, string detail) : Exception(detail)
{
    /// <summary>From the service's closed list of refusals.</summary>
    public string Code { get; } = code;
}
