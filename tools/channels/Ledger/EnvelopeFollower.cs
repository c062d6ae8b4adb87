using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Channels.Ledger;

/// <summary>What became of one envelope. A closed set.</summary>
public abstract record EnvelopeEnd
{
    private EnvelopeEnd()
    {
    }

    /// <summary>The ledger applied it; both of its statuses consumed the number.</summary>
    public sealed record Applied(TransactionRecord Transaction) : EnvelopeEnd;

    /// <summary>Another transaction of the same account consumed its number: it can never be applied.</summary>
    public sealed record Overtaken : EnvelopeEnd;

    /// <summary>It can never be applied: its time is over, and the account's number was below its own at a ledger after that.</summary>
    /// <param name="LastAnswer">What a node said of it last.</param>
    public sealed record Dead(SendOutcome LastAnswer) : EnvelopeEnd;

    /// <summary>Nobody answered for too long: it may still be applied.</summary>
    public sealed record Unknown(string Why) : EnvelopeEnd;
}

/// <summary>
/// Sends one envelope and follows it to its end. Whatever a node answers, the same bytes are sent again until the ledger shows them, shows another
/// transaction at their number, or is past their time: no answer to a send means that it failed.
/// </summary>
/// <param name="rpc">The network.</param>
/// <param name="poll">Between two looks.</param>
/// <param name="patience">Without any answer for so long it gives up.</param>
/// <param name="time">For both.</param>
public sealed class EnvelopeFollower(ISorobanRpcClient rpc, TimeSpan poll, TimeSpan patience, TimeProvider time)
{
    /// <summary>A node may know of the number before it knows the hash: looks before the number counts as another transaction's.</summary>
    private const int LooksForTheHashMax = 10;

    /// <summary>Returns only with a proof, or when nobody answered for the whole patience.</summary>
    public async Task<EnvelopeEnd> FollowAsync(Transaction signed, TransactionHash hash, CancellationToken cancellationToken)
    {
        var maxTime = DateTimeOffset.FromUnixTimeSeconds((long)(signed.TimeBounds?.MaxTime ?? throw new ArgumentException("An envelope without an end cannot be followed to it.", nameof(signed))));
        var answer = await rpc.SendTransactionAsync(signed.ToBase64(), hash, cancellationToken);
        var (heardAt, sentAtLedger, looks) = (time.GetTimestamp(), 0u, 0);
        while (true)
        {
            await Task.Delay(poll, time, cancellationToken);
            try
            {
                var lookup = await rpc.GetTransactionAsync(hash, cancellationToken);
                if (lookup is TransactionLookup.Found found)
                    return new EnvelopeEnd.Applied(found.Transaction);
                var window = lookup.Window;
                var account = await rpc.GetAccountAsync(signed.Source, cancellationToken);
                heardAt = time.GetTimestamp();
                if (account.SequenceNumber >= signed.SequenceNumber)
                {
                    if (++looks >= LooksForTheHashMax)
                        return new EnvelopeEnd.Overtaken();
                }
                else if (window.LatestCloseTime > maxTime && account.LatestLedger >= window.LatestLedger)
                {
                    return new EnvelopeEnd.Dead(answer);
                }
                else if (window.LatestLedger > sentAtLedger && MayBeTaken(answer))
                {
                    answer = await rpc.SendTransactionAsync(signed.ToBase64(), hash, cancellationToken);
                    sentAtLedger = window.LatestLedger;
                }
            }
            catch (SorobanRpcException silent)
            {
                // The envelope's fate stays unknown until somebody answers: the next look asks again.
                if (time.GetElapsedTime(heardAt) >= patience)
                    return new EnvelopeEnd.Unknown(silent.Message);
            }
        }
    }

    /// <summary>False: every node says the same of these bytes, so that sending them again is of no use. Their death is waited for all the same.</summary>
    public static bool MayBeTaken(SendOutcome answer) => answer is not SendOutcome.Refused
    {
        Code: TransactionResultCode.txBAD_AUTH or TransactionResultCode.txBAD_AUTH_EXTRA or TransactionResultCode.txMALFORMED
            or TransactionResultCode.txMISSING_OPERATION or TransactionResultCode.txNOT_SUPPORTED or TransactionResultCode.txFAILED,
    };
}
