using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Stellar;

namespace Payouts.Signer.Requests;

/// <summary>
/// Makes the transaction that consumes a slot and does nothing else. It is made here from the slot alone: whatever the command says, the
/// channel's key signs no other kind of transaction.
/// </summary>
public sealed class SlotBurner(SignerPolicy policy, SigningKeys keys)
{
    /// <summary>Below every sequence number that an account can have: the operation changes nothing, the transaction takes the number.</summary>
    private const long BumpToNothing = 0;

    private static readonly ulong UnixSecondsMax = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The command with its signed envelope. The same command gives the same bytes.</summary>
    /// <exception cref="RefusedMessageException">The slot's key is not here, or the fee is above the cap.</exception>
    public SubmitBurn Sign(BurnSlot command)
    {
        if (command.FeeStroops < TransactionBuilder.InclusionFeeMin || command.FeeStroops > policy.FeeStroopsMax)
            throw new RefusedMessageException("FeeOutOfRange",
                $"a burning fee of {command.FeeStroops} stroops is not between {TransactionBuilder.InclusionFeeMin} and {policy.FeeStroopsMax} (PAYOUTS_MAX_GAS_STROOPS)");
        var transaction = Build(AccountId.Parse(command.Slot.Channel), command.Slot.SequenceNumber, (uint)command.FeeStroops, command.ValidUntil);
        var signed = transaction.Sign(policy.Network, KeyOf(transaction.Source));
        return new SubmitBurn
        {
            PayoutId = command.PayoutId,
            Attempt = command.Attempt,
            Order = command.Order,
            Slot = command.Slot,
            Envelopes = command.Envelopes,
            TransactionHash = signed.Hash(policy.Network).ToString(),
            SignedXdr = signed.ToBase64(),
            ValidUntil = command.ValidUntil,
        };
    }

    /// <summary>Whether the envelope is, to the byte, one that this class makes.</summary>
    public bool IsOwn(Transaction envelope)
    {
        if (!keys.Channels.TryGetValue(envelope.Source, out var key) || envelope.TimeBounds is not { MaxTime: > 0 } time || time.MaxTime > UnixSecondsMax
            || envelope.Fee < TransactionBuilder.InclusionFeeMin || envelope.SequenceNumber <= 0)
            return false;
        var own = Build(envelope.Source, envelope.SequenceNumber, envelope.Fee, DateTimeOffset.FromUnixTimeSeconds((long)time.MaxTime));
        return own.Sign(policy.Network, key).ToBase64() == envelope.ToBase64();
    }

    private static Transaction Build(AccountId channel, long sequenceNumber, uint fee, DateTimeOffset validUntil) => new TransactionBuilder(channel, sequenceNumber)
        .Add(new BumpSequenceOperation(BumpToNothing))
        .InclusionFeePerOperation(fee)
        .ValidUntil(validUntil)
        .Build();

    private KeyPair KeyOf(AccountId channel) => keys.Channels.TryGetValue(channel, out var key) ? key : throw new RefusedMessageException(
        "ForeignChannel", $"the slot's account {channel} is none of PAYOUT_CHANNEL_ACCOUNTS of this service; give payout-builder and payout-signer the same list");
}
