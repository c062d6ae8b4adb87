using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Judges the authorization entries that the transaction carries. An entry that nothing asks for is ignored, and not consumed.</summary>
public sealed class EnforcingAuthorizer : IAuthorizer
{
    private readonly List<Tracker> trackers;
    private readonly AddressCredentials credentials;

    public EnforcingAuthorizer(IEnumerable<SorobanAuthorizationEntry> entries, SCAddress source, AddressCredentials credentials)
    {
        this.credentials = credentials;
        trackers = [.. entries.Select(entry => new Tracker(entry, source))];
    }

    public void Push()
    {
        foreach (var tracker in trackers)
        {
            tracker.Frames.Add(null);
        }
    }

    public void Pop()
    {
        foreach (var tracker in trackers)
        {
            tracker.Frames.RemoveAt(tracker.Frames.Count - 1);
        }
    }

    public void Require(SorobanHost host, SCAddress address)
    {
        var frame = host.Frames[^1];
        foreach (var tracker in trackers)
        {
            if (tracker.Address != address || tracker.Frames[^1] is not null)
            {
                continue;
            }

            var parent = tracker.Frames.FindLast(node => node is not null);
            var node = parent is null ? tracker.Root : parent.Children.Find(child => !child.Used && child.Matches(frame));
            if (node is null || node.Used || !node.Matches(frame))
            {
                continue;
            }

            node.Used = true;
            tracker.Frames[^1] = node;
            if (parent is null)
            {
                credentials.Consume(host, tracker.Entry);
            }

            return;
        }

        throw HostException.Auth(SCErrorCode.SCEC_INVALID_ACTION, "Unauthorized function call for address", new SCVal.Address(address));
    }

    private sealed class Tracker(SorobanAuthorizationEntry entry, SCAddress source)
    {
        public SorobanAuthorizationEntry Entry => entry;

        public SCAddress? Address { get; } = entry.Credentials switch
        {
            SorobanCredentials.SourceAccount => source,
            SorobanCredentials.Address address => address.Value.Address,
            SorobanCredentials.AddressV2 address => address.Value.Address,
            SorobanCredentials.AddressWithDelegates delegated => delegated.Value.AddressCredentials.Address,
            _ => null,
        };

        public Node Root { get; } = new(entry.RootInvocation);

        /// <summary>One per call frame: what this entry authorized there, if anything.</summary>
        public List<Node?> Frames { get; } = [];
    }

    private sealed class Node(SorobanAuthorizedInvocation invocation)
    {
        public List<Node> Children { get; } = [.. invocation.SubInvocations.Select(child => new Node(child))];

        public bool Used { get; set; }

        public bool Matches(CallFrame frame) => invocation.Function is SorobanAuthorizedFunction.ContractFn { Value: var call }
            && call.ContractAddress == frame.Contract && call.FunctionName.Value.ToString() == frame.Function && call.Args == frame.Args;
    }
}
