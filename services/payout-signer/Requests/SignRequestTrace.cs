using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;

namespace Payouts.Signer.Requests;

/// <summary>A sign request as a span of its payout's trace: from the command to the answer, whoever gave it.</summary>
internal static class SignRequestTrace
{
    /// <summary>Call it when the request has ended; it is written after the commit.</summary>
    public static void Ended(SignRequest request, UnitOfWork<SignerDbContext> unit)
    {
        if (!PayoutTrace.IsOn)
            return;
        var (id, from, now) = (request.PayoutId, request.AskedAt, unit.Now);
        var tags = new KeyValuePair<string, object?>[]
        {
            new("payout.attempt", request.Attempt), new("sign_request.id", request.RequestId.ToString()), new("sign_request.state", request.State.ToString()), new("sign_request.decision", request.Decision),
        };
        unit.AfterCommit(() => PayoutTrace.Write(id, "signature", from, now, tags));
    }
}
