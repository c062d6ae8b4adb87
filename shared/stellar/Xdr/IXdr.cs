namespace Payouts.Stellar.Xdr;

/// <summary>A value that can write itself as XDR (RFC 4506).</summary>
public interface IXdrValue
{
    /// <exception cref="XdrException">The value breaks a bound of its XDR type (length, enum value, depth).</exception>
    void Write(ref XdrWriter writer);
}

/// <summary>An XDR type that can also be read. A union's arms share the union's own <see cref="Read"/>.</summary>
public interface IXdr<TSelf> : IXdrValue
    where TSelf : IXdr<TSelf>
{
    /// <exception cref="XdrException">The bytes are not exactly what the type allows.</exception>
    static abstract TSelf Read(ref XdrReader reader);
}
