using Payouts.Hosting.Messaging;

namespace Payouts.Signer.Requests;

/// <summary>Who answers the requests that wait: an external signer, who is told of each by a message, or this service, which is woken.</summary>
/// <param name="areOurs">This service asks the key's provider itself.</param>
public sealed class WaitingRequests(bool areOurs) : WakeSignal
{
    /// <summary>True: nobody outside is asked.</summary>
    public bool AreOurs { get; } = areOurs;
}
