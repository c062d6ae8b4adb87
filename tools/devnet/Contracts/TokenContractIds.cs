using System.Collections.Concurrent;
using System.Security.Cryptography;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>The contract id of each asset's token: the hash of network and asset, the same on every network tool.</summary>
public sealed class TokenContractIds(Network network)
{
    private readonly ConcurrentDictionary<Asset, ContractID> ids = [];

    public ContractID Of(Asset asset) => ids.GetOrAdd(asset, Derive);

    private ContractID Derive(Asset asset)
    {
        var preimage = new HashIDPreimage.ContractId(new HashIDPreimageContractID(network.NetworkId, new ContractIDPreimage.Asset(asset)));
        return new ContractID(new Hash(new XdrBytes(SHA256.HashData(XdrCodec.ToBytes(preimage)))));
    }
}
