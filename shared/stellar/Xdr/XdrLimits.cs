namespace Payouts.Stellar.Xdr;

/// <summary>
/// Bounds of one decoding or encoding. The defaults are those that the Soroban host itself uses (soroban-env-host, DEFAULT_XDR_RW_LIMITS):
/// what it refuses can never be on the ledger.
/// </summary>
/// <param name="DepthMax">Nested structs, unions and typedefs.</param>
/// <param name="BytesMax">Size of the whole value in bytes.</param>
public readonly record struct XdrLimits(int DepthMax, int BytesMax)
{
    public static XdrLimits Default { get; } = new(DepthMax: 500, BytesMax: 32 * 1024 * 1024);
}
