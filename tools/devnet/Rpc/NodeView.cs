namespace Payouts.Devnet.Rpc;

/// <summary>
/// How many ledgers behind the node that answers this call is (a load balancer picked a lagging one). Zero is the node at the head.
/// Flows with the call so that each method reads through one view without an argument in every signature.
/// </summary>
public static class NodeView
{
    [ThreadStatic]
    private static int lag;

    public static int LagLedgers => lag;

    /// <summary>Valid for synchronous execution on this thread only; methods do not await.</summary>
    public static Scope Enter(int lagLedgers)
    {
        var previous = lag;
        lag = lagLedgers;
        return new Scope(previous);
    }

    public readonly ref struct Scope(int previous)
    {
        public void Dispose() => lag = previous;
    }
}
