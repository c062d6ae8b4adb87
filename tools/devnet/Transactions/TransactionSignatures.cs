using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Transactions;

/// <summary>
/// The signatures of one envelope over one hash. Each (signature, key) pair is verified once in the life of the transaction,
/// however often the queue and the ledger ask: verification is what bounds throughput.
/// </summary>
public sealed class TransactionSignatures(TransactionHash hash, XdrArray<DecoratedSignature> signatures)
{
    private readonly Dictionary<(int Signature, Uint256 Key), bool> verified = [];

    public TransactionHash Hash => hash;

    public XdrArray<DecoratedSignature> All => signatures;

    /// <summary>Strict Ed25519 over the hash, after the four-byte hint has matched.</summary>
    public bool Verifies(int index, Uint256 publicKey)
    {
        var key = publicKey.Value.Span;
        if (!signatures[index].Hint.Value.Span.SequenceEqual(key[28..]))
        {
            return false;
        }

        lock (verified)
        {
            if (!verified.TryGetValue((index, publicKey), out var valid))
            {
                var signature = signatures[index].Signature.Value.Span;
                valid = signature.Length == 64 && Ed25519Verifier.Verify(new AccountId(key), hash.Bytes, signature);
                verified.Add((index, publicKey), valid);
            }

            return valid;
        }
    }

    /// <summary>Fills the memory of verified pairs for these accounts' own keys.</summary>
    public void VerifyFor(IEnumerable<AccountID> accounts)
    {
        foreach (var key in accounts.Distinct().Select(account => ((PublicKey.Ed25519)account.Value).Value))
        {
            for (var i = 0; i < signatures.Count; i++)
            {
                Verifies(i, key);
            }
        }
    }
}
