using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>Finds the contract's own error number in the diagnostic events of a failed call.</summary>
public static class ContractErrors
{
    /// <summary>The first contract error that the events tell; null when they tell none, or cannot be read.</summary>
    public static uint? Find(IEnumerable<EncodedXdr<DiagnosticEvent>> events)
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
                        return contract.Code;
                    }
                }
            }
        }

        return null;
    }
}
