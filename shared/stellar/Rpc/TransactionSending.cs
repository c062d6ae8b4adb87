using Payouts.Stellar.Rpc.Wire;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>
/// The failover of sendTransaction. The identical envelope may go to several nodes, since the ledger applies it at most once; what must not
/// happen is that a later node's answer hides an earlier one's silence. So once a reply was lost, only the good news that a node has the
/// transaction is believed: a refusal, or no connection, elsewhere leaves it unknown.
/// </summary>
internal static class TransactionSending
{
    /// <param name="send">Sends to one endpoint; throws <see cref="SorobanRpcException"/> when no usable answer came.</param>
    public static async Task<SendOutcome> SendAsync(
        EndpointRotation endpoints, Func<Uri, CancellationToken, Task<SendOutcome>> send, CancellationToken cancellationToken)
    {
        var unsent = new List<string>();
        var lost = new List<string>();
        foreach (var (index, endpoint) in endpoints.InOrder())
        {
            try
            {
                var outcome = await send(endpoint, cancellationToken).ConfigureAwait(false);
                return lost.Count == 0 || outcome.Acceptance == Acceptance.Accepted
                    ? outcome
                    : new SendOutcome.Unknown($"{string.Join("; ", lost)}; then {JsonRpcTransport.Label(endpoint)} answered {outcome.GetType().Name}");
            }
            catch (SorobanRpcException exception)
            {
                (SurelyNotSent(exception) ? unsent : lost).Add(exception.Message);
                endpoints.Failed(index);
            }
        }

        return lost.Count > 0 ? new SendOutcome.Unknown(string.Join("; ", lost)) : new SendOutcome.NotSent(string.Join("; ", unsent));
    }

    /// <summary>What one node's answer means.</summary>
    /// <exception cref="SorobanRpcException">The answer is about another transaction, or makes no sense.</exception>
    public static SendOutcome Read(SendWire wire, TransactionHash hash, WireReading reading)
    {
        if (reading.Hash(wire.Hash, "hash") != hash)
        {
            throw reading.Invalid("the answer is about another transaction: is the endpoint on another network?");
        }

        var ledger = reading.Required(wire.LatestLedger, "latestLedger");
        return wire.Status switch
        {
            "PENDING" => new SendOutcome.Pending(ledger),
            "DUPLICATE" => new SendOutcome.Duplicate(ledger),
            "TRY_AGAIN_LATER" => new SendOutcome.TryAgainLater(ledger),
            "ERROR" => new SendOutcome.Refused(
                new EncodedXdr<TransactionResult>(reading.Required(wire.ErrorResultXdr, "errorResultXdr")),
                WireReading.List<DiagnosticEvent>(wire.DiagnosticEventsXdr),
                ledger),
            _ => throw reading.Invalid($"the status '{wire.Status}' is unknown"),
        };
    }

    // No connection, or a request that the server refused unread. Anything else may have passed the door: an HTTP error can come from a gateway
    // that had handed the request on, and the server's own -32603 says nothing about what core did: "invalid status from stellar-core" is its word for
    // every status that it does not know, of which FILTERED is only one.
    private static bool SurelyNotSent(SorobanRpcException exception) => exception.Kind == SorobanRpcErrorKind.Unreachable || exception.IsRejection;
}
