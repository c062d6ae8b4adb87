using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Requests;

/// <summary>
/// Makes the transaction that consumes a slot and does nothing else, or nothing but restore archived entries. It is made here from the slot and, for a
/// restoring one, from a declaration that was read and bounded: whatever the command says, the channel's key signs no other kind of transaction.
/// </summary>
public sealed class SlotBurner(SignerPolicy policy, SigningKeys keys)
{
    /// <summary>Below every sequence number that an account can have: the operation changes nothing, the transaction takes the number.</summary>
    private const long BumpToNothing = 0;

    private static readonly ulong UnixSecondsMax = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The command with its signed envelope. The same command gives the same bytes.</summary>
    /// <exception cref="RefusedMessageException">The slot's key is not here, the fee is above the cap, or what is to be restored is no such declaration.</exception>
    public SubmitBurn Sign(BurnSlot command)
    {
        var restore = command.RestoreXdr is { } xdr ? ReadRestore(xdr) : null;
        var feeMax = policy.FeeStroopsMax - (restore?.ResourceFee ?? 0);
        if (command.FeeStroops < TransactionBuilder.InclusionFeeMin || command.FeeStroops > feeMax)
            throw new RefusedMessageException("FeeOutOfRange", restore is null
                ? $"a burning fee of {command.FeeStroops} stroops is not between {TransactionBuilder.InclusionFeeMin} and {policy.FeeStroopsMax} (PAYOUTS_MAX_GAS_STROOPS)"
                : $"a restoring fee of {command.FeeStroops} stroops and {restore.ResourceFee} for its resources is not between {TransactionBuilder.InclusionFeeMin} for inclusion and {policy.FeeStroopsMax} in all (PAYOUTS_MAX_GAS_STROOPS)");
        var transaction = Build(AccountId.Parse(command.Slot.Channel), command.Slot.SequenceNumber, (uint)command.FeeStroops, command.ValidUntil, restore);
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
            || envelope.InclusionFee < TransactionBuilder.InclusionFeeMin || envelope.SequenceNumber <= 0)
            return false;
        if (envelope.SorobanData is { } data && (RestorableFootprint.Problem(data) is not null || envelope.Fee > policy.FeeStroopsMax))
            return false;
        var own = Build(envelope.Source, envelope.SequenceNumber, (uint)envelope.InclusionFee, DateTimeOffset.FromUnixTimeSeconds((long)time.MaxTime), envelope.SorobanData);
        return own.Sign(policy.Network, key).ToBase64() == envelope.ToBase64();
    }

    private static Transaction Build(AccountId channel, long sequenceNumber, uint fee, DateTimeOffset validUntil, SorobanTransactionData? restore)
    {
        var builder = new TransactionBuilder(channel, sequenceNumber).InclusionFeePerOperation(fee).ValidUntil(validUntil);
        return restore is null
            ? builder.Add(new BumpSequenceOperation(BumpToNothing)).Build()
            : builder.Add(new RestoreFootprintOperation()).SorobanData(restore).Build();
    }

    private static SorobanTransactionData ReadRestore(string xdr)
    {
        try
        {
            var data = xdr.Length <= IntentCheck.XdrLengthMax
                ? XdrCodec.FromBase64<SorobanTransactionData>(xdr)
                : throw new RefusedMessageException("RestoreUnreadable", $"what is to be restored has {xdr.Length} characters; the network takes at most {IntentCheck.XdrLengthMax}");
            return RestorableFootprint.Problem(data) is { } problem
                ? throw new RefusedMessageException("RestoreRefused", $"no restoring transaction is made of this declaration: {problem}")
                : data;
        }
        catch (XdrException wrong)
        {
            throw new RefusedMessageException("RestoreUnreadable", $"what is to be restored: {wrong.Message}");
        }
    }

    private KeyPair KeyOf(AccountId channel) => keys.Channels.TryGetValue(channel, out var key) ? key : throw new RefusedMessageException(
        "ForeignChannel", $"the slot's account {channel} is none of PAYOUT_CHANNEL_ACCOUNTS of this service; give payout-builder and payout-signer the same list");
}
