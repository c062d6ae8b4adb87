using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// The tree of delegates in an authorization entry (CAP-71): accounts and contracts that sign in the place of, or beside, the address whose
/// authority is asked for. All of them sign the same 32 bytes.
/// </summary>
internal static class DelegateSignatures
{
    /// <summary>As the ledger wants them: by the bytes of their addresses at every level, none twice.</summary>
    /// <exception cref="ArgumentException">One address stands twice at one level.</exception>
    public static XdrArray<SorobanDelegateSignature> InOrder(IEnumerable<SorobanDelegateSignature> delegates)
    {
        var ordered = delegates
            .Select(d => (Key: XdrCodec.ToBytes(d.Address), Delegate: d with { NestedDelegates = InOrder(d.NestedDelegates) }))
            .OrderBy(d => d.Key, Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)))
            .ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Key.AsSpan().SequenceEqual(ordered[i - 1].Key))
            {
                throw new ArgumentException($"The delegate {ordered[i].Delegate.Address} stands twice at one level; once is right.", nameof(delegates));
            }
        }

        return ordered.Select(d => d.Delegate).ToXdrArray();
    }

    /// <summary>What stands as the signature of <paramref name="address"/>, at every place that it has in the tree.</summary>
    public static IEnumerable<SCVal> Of(XdrArray<SorobanDelegateSignature> delegates, SCAddress address) => delegates.SelectMany(d =>
        Of(d.NestedDelegates, address).Concat(d.Address == address ? [d.Signature] : []));

    /// <summary>The tree with the signature of <paramref name="address"/> replaced at every place that it has.</summary>
    public static XdrArray<SorobanDelegateSignature> With(XdrArray<SorobanDelegateSignature> delegates, SCAddress address, SCVal signature) => delegates
        .Select(d => d with
        {
            Signature = d.Address == address ? signature : d.Signature,
            NestedDelegates = With(d.NestedDelegates, address, signature),
        })
        .ToXdrArray();
}
