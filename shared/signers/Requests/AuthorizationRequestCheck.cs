using System.Globalization;
using System.Security.Cryptography;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Signers.Requests;

/// <summary>
/// What a signer should check before it authorizes a call: the hash is of the preimage, the preimage is for this network, and it authorizes the intent's call
/// and nothing below it, with the intent's nonce, until the intent's ledger.
/// </summary>
internal static class AuthorizationRequestCheck
{
    /// <summary>Reads the preimage itself and holds the intent against it; the parties were compared before.</summary>
    public static string? WhyNot(SigningRequested request, RequestPolicy policy)
    {
        byte[] bytes;
        HashIDPreimage preimage;
        try
        {
            bytes = Convert.FromBase64String(request.UnsignedXdr);
            preimage = XdrCodec.FromBytes<HashIDPreimage>(bytes);
        }
        catch (Exception wrong) when (wrong is FormatException or XdrException)
        {
            return $"unsignedXdr is no preimage: {wrong.Message}";
        }

        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != request.TransactionHash)
            return "transactionHash is not the SHA-256 of unsignedXdr";
        if (preimage is not HashIDPreimage.SorobanAuthorization { Value: var asked })
            return $"unsignedXdr is {preimage.Discriminant}; an authorization's preimage is right";
        if (asked.NetworkID != policy.Network.NetworkId)
            return "the authorization is for another network";
        var intent = request.Intent;
        if (asked.SignatureExpirationLedger != intent.ExpirationLedger || asked.Nonce.ToString(CultureInfo.InvariantCulture) != intent.Nonce)
            return "the authorization's last ledger or nonce is not the intent's";
        // One payout has one nonce: a signer that holds to it cannot be made to pay it twice at a time.
        if (asked.Nonce != request.PayoutId.AuthorizationNonce())
            return "the nonce is not the payout's";
        if (asked.Invocation.Function is not SorobanAuthorizedFunction.ContractFn { Value: var call })
            return $"{asked.Invocation.Function.Discriminant} is to be authorized; a contract call is right";
        if (asked.Invocation.SubInvocations.Count != 0)
            return "calls below the payout are to be authorized";
        if (call.ContractAddress != ContractId.Parse(intent.Contract).ToScAddress() || call.FunctionName != new SCSymbol(intent.Method))
            return "the called contract or method is not the intent's";
        return RequestCheck.SaysTheOrder(call, intent.Order) ? null : "the call's arguments are not what the intent's order says";
    }
}
