using Payouts.Hosting.Messaging;

namespace Payouts.Submitter.Sending;

/// <summary>Set when an envelope was stored that can be sent at once.</summary>
public sealed class SubmissionSignal : WakeSignal;
