using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Lanes;

/// <summary>Set when a channel became free or a payout began to wait for one.</summary>
public sealed class LaneSignal : WakeSignal;
