using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>
/// Instructions that a call uses. The model has fixed prices instead of a metered VM: deterministic, of the size a real payout shows
/// (a few million), and growing with entries, bytes and signatures, so that a declaration that is too small fails as it would.
/// </summary>
public sealed class Budget(long limit)
{
    public const long Invocation = 1_400_000;
    public const long NestedCall = 320_000;
    public const long EntryAccess = 55_000;
    public const long EntryByte = 90;
    public const long Event = 45_000;
    public const long SignatureCheck = 420_000;

    public long Used { get; private set; }

    public bool IsExceeded => Used > limit;

    public void Charge(long instructions)
    {
        Used += instructions;
        if (IsExceeded)
        {
            throw new HostException(new SCError.Budget(SCErrorCode.SCEC_EXCEEDED_LIMIT), "operation instructions exceeds amount specified");
        }
    }
}
