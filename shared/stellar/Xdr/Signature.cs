namespace Payouts.Stellar.Xdr;

public sealed partial record Signature
{
    /// <summary>Only the size: a printed envelope must not carry its signatures into a log.</summary>
    public override string ToString() => $"Signature({Value.Length} bytes)";
}
