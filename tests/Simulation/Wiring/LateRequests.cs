using Payouts.Devnet.Rpc;
using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Wiring;

/// <summary>Transactions whose sender gave up waiting while they were on their way: the network still gets them, whenever that is.</summary>
internal sealed class LateRequests(JsonRpcEndpoint endpoint, Dice dice, Trace trace, Tally tally)
{
    private readonly List<byte[]> _underWay = [];

    public int Count => _underWay.Count;

    /// <summary>The caller has given up: the request is lost, or under way for a while yet.</summary>
    public void GivenUp(string method, byte[] body)
    {
        if (method == "sendTransaction" && dice.Chance(700))
            _underWay.Add(body);
    }

    /// <summary>One of them arrives; nobody hears the answer.</summary>
    public async Task ArriveAsync()
    {
        var body = dice.Pick(_underWay);
        _underWay.Remove(body);
        var (status, _) = await RpcDoor.AskAsync(endpoint, body);
        trace.Add(FormattableString.Invariant($"a late sendTransaction arrives: HTTP {status}"));
        tally.Add("fault", "LateRequest");
    }
}
