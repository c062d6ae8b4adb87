using System.Security.Cryptography;
using Payouts.Devnet.Ledger;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Transactions;

/// <summary>stellar-core SignatureChecker: adds up weights and remembers which signatures were needed.</summary>
public sealed class SignatureChecker(TransactionSignatures signatures)
{
    private const uint WeightMax = 255;

    private readonly bool[] used = new bool[signatures.All.Count];

    public bool AllUsed => Array.TrueForAll(used, one => one);

    /// <summary>Whether the signers of an account reach one of its thresholds (level 1 low, 2 medium, 3 high).</summary>
    public bool Check(AccountEntry account, int level)
    {
        var signers = new List<Signer>(account.Signers.Count + 1);
        if (Accounts.MasterWeight(account) > 0)
        {
            signers.Add(new Signer(MasterKey(account.AccountID), Accounts.MasterWeight(account)));
        }

        signers.AddRange(account.Signers);
        return Check(signers, Accounts.Threshold(account, level));
    }

    /// <summary>For an operation source that does not exist yet: its own key must have signed.</summary>
    public bool CheckWithoutAccount(AccountID account) => Check([new Signer(MasterKey(account), 1)], 0);

    public bool Check(IReadOnlyList<Signer> signers, long neededWeight)
    {
        var weight = 0L;
        foreach (var signer in signers)
        {
            if (signer.Key is SignerKey.PreAuthTx preAuthorized && preAuthorized.Value.Value.Span.SequenceEqual(signatures.Hash.Bytes))
            {
                weight += Math.Min(signer.Weight, WeightMax);
                if (weight >= neededWeight)
                {
                    return true;
                }
            }
        }

        return Add(signers.Where(signer => signer.Key is SignerKey.HashX), MatchesHashX, neededWeight, ref weight)
            || Add(signers.Where(signer => signer.Key is SignerKey.Ed25519), MatchesEd25519, neededWeight, ref weight)
            || Add(signers.Where(signer => signer.Key is SignerKey.Ed25519SignedPayload), MatchesPayload, neededWeight, ref weight);
    }

    private bool Add(IEnumerable<Signer> candidates, Func<int, SignerKey, bool> matches, long neededWeight, ref long weight)
    {
        var left = candidates.ToList();
        for (var i = 0; left.Count > 0 && i < used.Length; i++)
        {
            var at = left.FindIndex(signer => matches(i, signer.Key));
            if (at < 0)
            {
                continue;
            }

            used[i] = true;
            weight += Math.Min(left[at].Weight, WeightMax);
            if (weight >= neededWeight)
            {
                return true;
            }

            left.RemoveAt(at);
        }

        return false;
    }

    private bool MatchesEd25519(int index, SignerKey key) => signatures.Verifies(index, ((SignerKey.Ed25519)key).Value);

    private bool MatchesHashX(int index, SignerKey key)
    {
        var image = ((SignerKey.HashX)key).Value.Value.Span;
        var signature = signatures.All[index];
        return signature.Hint.Value.Span.SequenceEqual(image[28..]) && image.SequenceEqual(SHA256.HashData(signature.Signature.Value.Span));
    }

    private bool MatchesPayload(int index, SignerKey key)
    {
        var signed = ((SignerKey.Ed25519SignedPayload)key).Value;
        var signature = signatures.All[index];
        var payload = signed.Payload.Span;
        var publicKey = signed.Ed25519.Value.Span;
        var tail = new byte[4];
        var length = Math.Min(4, payload.Length);
        payload[^length..].CopyTo(tail);
        for (var i = 0; i < 4; i++)
        {
            if (signature.Hint.Value.Span[i] != (byte)(publicKey[28 + i] ^ tail[i]))
            {
                return false;
            }
        }

        return signature.Signature.Value.Length == 64 && Ed25519Verifier.Verify(new AccountId(publicKey), payload, signature.Signature.Value.Span);
    }

    private static SignerKey MasterKey(AccountID account) => new SignerKey.Ed25519(((PublicKey.Ed25519)account.Value).Value);
}
