using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>An error number, and whose: the numbers of different contracts overlap (6 is "paused" of one and "account missing" of another).</summary>
/// <param name="Contract">Null when the event does not name one.</param>
public sealed record RaisedContractError(ContractId? Contract, uint Code);

/// <summary>Finds the contract's own error number in the diagnostic events of a failed call.</summary>
public static class ContractErrors
{
    /// <summary>The first contract error that the events tell; null when they tell none, or cannot be read.</summary>
    public static uint? Find(IEnumerable<EncodedXdr<DiagnosticEvent>> events) => FindRaised(events)?.Code;

    /// <summary>The first contract error with the contract that raised it: events come in order, so the innermost call's is the first.</summary>
    public static RaisedContractError? FindRaised(IEnumerable<EncodedXdr<DiagnosticEvent>> events)
    {
        foreach (var encoded in events)
        {
            // The host reports an error with the topics "error" and the error itself.
            if (encoded.TryDecode(out var diagnostic) && diagnostic.Event.Body is ContractEventBody.V0 { Value: var body })
            {
                foreach (var topic in body.Topics)
                {
                    if (topic is SCVal.Error { Value: SCError.Contract contract })
                    {
                        return new RaisedContractError(diagnostic.Event.ContractID is { } id ? ContractId.FromXdr(id) : null, contract.Code);
                    }
                }
            }
        }

        return null;
    }
}
