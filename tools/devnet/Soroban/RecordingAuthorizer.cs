using Payouts.Devnet.Contracts;
using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>In a simulation without entries: grants what is asked and writes down which entries a transaction would need.</summary>
public sealed class RecordingAuthorizer(SCAddress source, Func<long> nonce, bool allowNonRoot, bool upgraded) : IAuthorizer
{
    private readonly List<Recorded> recorded = [];
    private int depth;

    public void Push()
    {
        depth++;
        foreach (var one in recorded)
        {
            one.Frames.Add(null);
        }
    }

    public void Pop()
    {
        depth--;
        foreach (var one in recorded)
        {
            one.Frames.RemoveAt(one.Frames.Count - 1);
        }
    }

    public void Require(SorobanHost host, SCAddress address)
    {
        var call = new Node(host.Frames[^1]);
        foreach (var one in recorded)
        {
            if (one.Address == address && one.Frames[^1] is null && one.Frames.FindLast(node => node is not null) is { } parent)
            {
                parent.Children.Add(call);
                one.Frames[^1] = call;
                return;
            }
        }

        if (depth > 1 && !allowNonRoot)
        {
            throw HostException.Auth(
                SCErrorCode.SCEC_INVALID_ACTION,
                "[recording authorization only] encountered authorization not tied to the root contract invocation for an address. "
                + "Use `require_auth()` in the top invocation or enable non-root authorization.",
                address.ToVal());
        }

        var fresh = new Recorded(address, call, address == source ? null : nonce());
        fresh.Frames.AddRange(Enumerable.Repeat<Node?>(null, depth - 1));
        fresh.Frames.Add(call);
        recorded.Add(fresh);
        if (fresh.Nonce is { } number)
        {
            EmulateAuthentication(host, address, number);
        }
    }

    /// <summary>Touches and charges what verifying the real signature will.</summary>
    private static void EmulateAuthentication(SorobanHost host, SCAddress address, long number)
    {
        var key = new SCVal.LedgerKeyNonce(new SCNonceKey(number));
        _ = host.Storage.GetData(address, key, ContractDataDurability.TEMPORARY);
        host.Storage.PutData(address, key, new SCVal.Void(), ContractDataDurability.TEMPORARY, host.Info.Sequence + NetworkLimits.MinTemporaryTtlLedgers - 1);
        if (address is SCAddress.Account { Value: var account })
        {
            _ = host.Storage.Get(EntryKey.Account(account));
            host.Budget.Charge(Budget.SignatureCheck);
        }
    }

    public IReadOnlyList<SorobanAuthorizationEntry> Entries() =>
    [
        .. recorded.Select(one => new SorobanAuthorizationEntry(
            one.Nonce is { } number
                ? CredentialsOf(new SorobanAddressCredentials(one.Address, number, 0, new SCVal.Void()))
                : new SorobanCredentials.SourceAccount(),
            one.Root.ToXdr())),
    ];

    /// <summary>Version 2 (CAP-71) where the client asks for it: its signature covers the address too.</summary>
    private SorobanCredentials CredentialsOf(SorobanAddressCredentials credentials) =>
        upgraded ? new SorobanCredentials.AddressV2(credentials) : new SorobanCredentials.Address(credentials);

    private sealed record Recorded(SCAddress Address, Node Root, long? Nonce)
    {
        public List<Node?> Frames { get; } = [];
    }

    private sealed class Node(CallFrame frame)
    {
        public List<Node> Children { get; } = [];

        public SorobanAuthorizedInvocation ToXdr() => new(
            new SorobanAuthorizedFunction.ContractFn(new InvokeContractArgs(frame.Contract, new SCSymbol(new XdrString(frame.Function)), frame.Args)),
            Children.Select(child => child.ToXdr()).ToXdrArray());
    }
}
