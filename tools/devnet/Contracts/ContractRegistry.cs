using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>From a contract's instance entry to the C# model that runs it.</summary>
public sealed class ContractRegistry
{
    /// <exception cref="HostException">No such contract, or one whose code is not modelled here.</exception>
    public INativeContract Load(SorobanHost host, SCAddress contract)
    {
        if (contract is not SCAddress.Contract)
        {
            throw HostException.Value(SCErrorCode.SCEC_INVALID_INPUT, "address is not a contract");
        }

        if (host.Storage.Get(EntryKey.Instance(contract))?.ContractData.Val is not SCVal.ContractInstance { Value: var instance })
        {
            throw HostException.Storage(SCErrorCode.SCEC_MISSING_VALUE, "trying to get non-existing value for contract instance");
        }

        if (instance.Executable is ContractExecutable.StellarAsset)
        {
            return TokenContract.Of(instance);
        }

        if (instance.Executable is ContractExecutable.Wasm wasm && wasm.Value == PayoutContract.WasmHash)
        {
            _ = host.Storage.Get(EntryKey.Code(wasm.Value))
                ?? throw HostException.Storage(SCErrorCode.SCEC_MISSING_VALUE, "trying to get non-existing value for contract code");
            return new PayoutContract(instance);
        }

        throw HostException.Storage(SCErrorCode.SCEC_MISSING_VALUE, "contract code is not modelled by this devnet");
    }
}
