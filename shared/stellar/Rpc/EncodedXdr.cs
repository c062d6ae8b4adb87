using System.Diagnostics.CodeAnalysis;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>
/// XDR as the server sent it, read only on demand: a protocol upgrade can add an arm that makes one field unreadable, and that must not hide
/// the status beside it. Its ToString does not print the XDR.
/// </summary>
/// <param name="Base64">Exactly as received.</param>
public readonly record struct EncodedXdr<T>(string Base64)
    where T : class, IXdr<T>
{
    /// <exception cref="XdrException">Not a <typeparamref name="T"/> that this version knows.</exception>
    public T Decode() => XdrCodec.FromBase64<T>(Base64);

    public bool TryDecode([NotNullWhen(true)] out T? value)
    {
        try
        {
            value = Decode();
            return true;
        }
        catch (XdrException)
        {
            value = null;
            return false;
        }
    }

    public override string ToString() => $"{typeof(T).Name} ({Base64?.Length ?? 0} characters)";
}
