using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Stellar;

namespace Payouts.Signer.Requests;

/// <summary>
/// Wraps an envelope in a fee bump: the only thing that the fee account's key ever signs. What is wrapped must be an envelope that this
/// service released itself, with its signatures, so that nothing can reach the ledger that was not checked here before.
/// </summary>
public sealed class FeeBumper(SignerPolicy policy, SigningKeys keys, SlotBurner burner)
{
    private readonly SignatureVerifier _verifier = new(policy.Network);

    /// <summary>The fee bump. The same command gives the same bytes.</summary>
    /// <param name="command">As payout-submitter asks.</param>
    /// <param name="request">The sign request with the envelope's hash, if there is one.</param>
    /// <exception cref="RefusedMessageException">Not an envelope of this service, no fee account, or a fee out of bounds.</exception>
    public FeeBumped Sign(BumpFee command, SignRequest? request)
    {
        if (keys.FeeKey is not { } feeKey)
            throw new RefusedMessageException("FeeBumpOff", "a fee bump was asked for, but this service has no fee account; give payout-signer and payout-submitter the same PAYOUT_FEE_ACCOUNT");
        var inner = Read(command);
        if (!IsReleased(command, inner, request) && !burner.IsOwn(inner))
            throw new RefusedMessageException("NotReleased", $"the envelope {command.TransactionHash} of payout {command.PayoutId} is none that this service has signed as it is; only such an envelope's fee is bumped");
        var feeMin = FeeBumpTransaction.FeeMin(inner, replacesPending: false);
        if (command.FeeStroops < feeMin || command.FeeStroops > policy.FeeStroopsMax)
            throw new RefusedMessageException("FeeOutOfRange", $"a fee of {command.FeeStroops} stroops is not between {feeMin}, the network's minimum for this envelope, and {policy.FeeStroopsMax} (PAYOUTS_MAX_GAS_STROOPS)");
        var bump = FeeBumpTransaction.Wrap(inner, feeKey.AccountId, command.FeeStroops).Sign(policy.Network, feeKey);
        return new FeeBumped
        {
            PayoutId = command.PayoutId,
            Attempt = command.Attempt,
            TransactionHash = command.TransactionHash,
            BumpHash = bump.Hash(policy.Network).ToString(),
            SignedXdr = bump.ToBase64(),
            FeeStroops = command.FeeStroops,
        };
    }

    private Transaction Read(BumpFee command)
    {
        Transaction inner;
        try
        {
            inner = command.SignedXdr.Length <= IntentCheck.XdrLengthMax
                ? Transaction.FromBase64(command.SignedXdr)
                : throw new TransactionFormatException($"it has {command.SignedXdr.Length} characters; the network takes at most {IntentCheck.XdrLengthMax}");
        }
        catch (TransactionFormatException wrong)
        {
            throw new RefusedMessageException("EnvelopeUnreadable", $"the envelope to bump: {wrong.Message}");
        }

        return inner.Hash(policy.Network).ToString() == command.TransactionHash ? inner
            : throw new RefusedMessageException("HashDiffers", $"the envelope to bump is not {command.TransactionHash}");
    }

    /// <summary>Signed for this payout, unchanged since, with exactly the signatures that it needs.</summary>
    private bool IsReleased(BumpFee command, Transaction inner, SignRequest? request)
    {
        if (request is not { State: SignRequestState.Signed } || request.PayoutId != command.PayoutId || request.UnsignedXdr != inner.WithoutSignatures().ToBase64())
            return false;
        // Whose signatures it was released with, not who may sign today: that may be others since.
        AccountId[] source = request.SignedBy is { } keys ? [.. keys.Split(',').Select(key => AccountId.Parse(key))] : [policy.PayoutSource];
        AccountId[] signers = inner.Source == policy.PayoutSource ? source
            // The payout source has signed the call that it carries, not the envelope.
            : request.Decision == SignRequest.AuthorizedBefore ? [inner.Source]
            : [.. source, inner.Source];
        return _verifier.Verify(inner.ToEnvelope(), TransactionHash.Parse(command.TransactionHash), signers) is SignatureVerdict.Valid;
    }
}
