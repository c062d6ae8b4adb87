using System.Buffers.Binary;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Submitter.Tests.Support;

/// <summary>Answers to a send, by the network's own words.</summary>
internal static class Answers
{
    public static readonly IReadOnlyList<string> Words = ["PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "NOT_SENT", "UNKNOWN", "ERROR", .. Enum.GetNames<TransactionResultCode>()];

    public static SendOutcome Outcome(string answer) => answer switch
    {
        "PENDING" => new SendOutcome.Pending(7),
        "DUPLICATE" => new SendOutcome.Duplicate(7),
        "TRY_AGAIN_LATER" => new SendOutcome.TryAgainLater(7),
        "NOT_SENT" => new SendOutcome.NotSent("nobody listens"),
        "UNKNOWN" => new SendOutcome.Unknown("the reply was lost"),
        "ERROR" => Refused("AAAA"),
        _ when answer.StartsWith("inner ", StringComparison.Ordinal) => Refused(EncodeInner(Enum.Parse<TransactionResultCode>(answer[6..]))),
        _ => Refused(Encode(Enum.Parse<TransactionResultCode>(answer))),
    };

    /// <summary>The codes that a fee bump's inner result can have: those that this version reads there.</summary>
    public static IEnumerable<TransactionResultCode> InnerCodes =>
        Enum.GetValues<TransactionResultCode>().Where(code => new EncodedXdr<TransactionResult>(EncodeInner(code)).TryDecode(out _));

    /// <summary>TransactionResult as the network writes it: fee charged, code, what the code's arm holds, extension.</summary>
    public static string Encode(TransactionResultCode code)
    {
        byte[] none = [0, 0, 0, 0];
        byte[] arm = code switch
        {
            TransactionResultCode.txSUCCESS or TransactionResultCode.txFAILED => none,
            // Inner hash, inner fee, inner code txSUCCESS with no operation results, inner extension.
            TransactionResultCode.txFEE_BUMP_INNER_SUCCESS or TransactionResultCode.txFEE_BUMP_INNER_FAILED => new byte[32 + 8 + 4 + 4 + 4],
            _ => [],
        };
        return Convert.ToBase64String([.. Head(code), .. arm, .. none]);
    }

    private static string EncodeInner(TransactionResultCode code)
    {
        byte[] none = [0, 0, 0, 0];
        byte[] arm = code is TransactionResultCode.txSUCCESS or TransactionResultCode.txFAILED ? none : [];
        return Convert.ToBase64String([.. Head(TransactionResultCode.txFEE_BUMP_INNER_FAILED), .. new byte[32], .. Head(code), .. arm, .. none, .. none]);
    }

    private static byte[] Head(TransactionResultCode code)
    {
        var head = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(8), (int)code);
        return head;
    }

    private static SendOutcome.Refused Refused(string result) => new(new EncodedXdr<TransactionResult>(result), [], 7);
}
