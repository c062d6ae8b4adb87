using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Authorizing;

/// <summary>Set when payouts began to wait for being authorized.</summary>
public sealed class AuthorizationSignal : WakeSignal;
