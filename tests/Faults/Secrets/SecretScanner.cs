using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Payouts.Stellar.Xdr;

namespace Payouts.Tests.Faults.Secrets;

/// <summary>
/// Looks for secrets, signed envelopes and signatures in whatever form a program may let them slip: as text, in base64 or hex, escaped, broken over
/// lines, cut off, compressed. A head of a secret betrays it as well, so heads are looked for.
/// </summary>
internal sealed class SecretScanner
{
    private const int HeadChars = 24;
    private const int KeyBytes = 8;
    private const int HeadBytes = 16;
    private const int DepthMax = 3;

    /// <summary>How base64 of a transaction, and of a fee bump, begins.</summary>
    private static readonly string[] EnvelopeHeads = ["AAAAAgAAAA", "AAAABQAAAA"];

    private readonly List<(string Name, string Head)> _texts = [];
    private readonly SearchValues<string> _anyText;
    private readonly Dictionary<ulong, List<Needle>> _bytes = [];

    /// <summary>Takes what is to be found.</summary>
    /// <param name="secrets">What may be nowhere.</param>
    /// <param name="signatures">Signatures that were made during the run, 64 bytes each.</param>
    public SecretScanner(IEnumerable<Secret> secrets, IEnumerable<byte[]> signatures)
    {
        foreach (var secret in secrets)
        {
            if (secret.Text is { } text)
            {
                var head = text[..Math.Min(text.Length, HeadChars)];
                _texts.Add((secret.Name, head));
                // Also where its text itself is in base64 or hex.
                AddBytes(secret.Name, Encoding.UTF8.GetBytes(head), isSignature: false);
            }

            if (secret.Bytes is { } bytes)
                AddBytes(secret.Name, bytes, isSignature: false);
        }

        foreach (var signature in signatures)
        {
            // Its two halves: one alone tells as well.
            AddBytes("a signature", signature[..32], isSignature: true);
            AddBytes("a signature", signature[32..], isSignature: true);
        }

        _anyText = SearchValues.Create([.. _texts.Select(x => x.Head)], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What is found where it must not be; empty: nothing.</summary>
    public IReadOnlyList<string> Search(IEnumerable<Evidence> evidence) =>
        [.. evidence.SelectMany(x => Search(Encoding.UTF8.GetString(x.Content), x.Content, x.MayCarrySignatures, DepthMax).Distinct().Select(found => $"{x.Where}: {found}"))];

    /// <summary>The signatures of an envelope, those of a fee bump's inner one too; null when it is none.</summary>
    public static IReadOnlyList<byte[]>? SignaturesOf(string base64)
    {
        try
        {
            return XdrCodec.FromBase64<TransactionEnvelope>(base64) switch
            {
                TransactionEnvelope.Tx tx => [.. tx.Value.Signatures.Select(x => x.Signature.Value.ToArray())],
                TransactionEnvelope.TxFeeBump bump => [.. bump.Value.Signatures.Select(x => x.Signature.Value.ToArray()),
                    .. ((FeeBumpTransactionInnerTx.Tx)bump.Value.Tx.InnerTx).Value.Signatures.Select(x => x.Signature.Value.ToArray())],
                _ => [],
            };
        }
        catch (XdrException)
        {
            return null;
        }
    }

    private IEnumerable<string> Search(string text, byte[] raw, bool maySign, int depth)
    {
        foreach (var found in SearchBytes(raw, maySign, depth))
            yield return found;
        foreach (var view in Views.Of(text))
        {
            if (view.AsSpan().ContainsAny(_anyText))
            {
                foreach (var (name, _) in _texts.Where(x => view.Contains(x.Head, StringComparison.OrdinalIgnoreCase)))
                    yield return name;
            }

            if (!maySign && HoldsSignedEnvelope(view))
                yield return "a signed envelope";
            foreach (var blob in Views.Blobs(view))
            {
                foreach (var found in SearchBytes(blob, maySign, depth))
                    yield return found;
            }
        }
    }

    private IEnumerable<string> SearchBytes(byte[] bytes, bool maySign, int depth)
    {
        for (var i = 0; i + KeyBytes <= bytes.Length; i++)
        {
            if (!_bytes.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(i)), out var needles))
                continue;
            foreach (var needle in needles.Where(needle => !(needle.IsSignature && maySign) && bytes.AsSpan(i).StartsWith(needle.Head)))
                yield return needle.Name;
        }

        if (depth > 0 && Views.Unpack(bytes) is { } unpacked)
        {
            foreach (var found in Search(Encoding.UTF8.GetString(unpacked), unpacked, maySign, depth - 1))
                yield return found;
        }
    }

    /// <summary>Also one that nobody has told us of.</summary>
    private static bool HoldsSignedEnvelope(string view)
    {
        foreach (var head in EnvelopeHeads)
        {
            for (var at = view.IndexOf(head, StringComparison.Ordinal); at >= 0; at = view.IndexOf(head, at + 1, StringComparison.Ordinal))
            {
                var end = at;
                while (end < view.Length && (char.IsAsciiLetterOrDigit(view[end]) || view[end] is '+' or '/' or '='))
                    end++;
                if (SignaturesOf(view[at..end]) is { Count: > 0 })
                    return true;
            }
        }

        return false;
    }

    private void AddBytes(string name, byte[] bytes, bool isSignature)
    {
        var head = bytes[..Math.Min(bytes.Length, HeadBytes)];
        var key = BinaryPrimitives.ReadUInt64LittleEndian(head);
        if (!_bytes.TryGetValue(key, out var needles))
            _bytes[key] = needles = [];
        needles.Add(new Needle(name, head, isSignature));
    }

    private sealed record Needle(string Name, byte[] Head, bool IsSignature);
}
