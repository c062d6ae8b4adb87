using System.Text;
using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>The instance entry of an asset's token contract: which asset it is, and who may mint.</summary>
public static class TokenInstance
{
    public const uint Decimals = 7;

    public static SCContractInstance For(Asset asset)
    {
        var entries = new List<SCMapEntry>
        {
            new("METADATA".ToSymbol(), ScValues.SymbolMap(
                ("decimal", new SCVal.U32(Decimals)), ("name", Text(asset.Sep11())), ("symbol", Text(asset.Code())))),
        };
        if (asset.Issuer() is { } issuer)
        {
            entries.Add(new SCMapEntry(ScValues.Vec("Admin".ToSymbol()), issuer.Address().ToVal()));
        }

        entries.Add(new SCMapEntry(ScValues.Vec("AssetInfo".ToSymbol()), AssetInfo(asset)));
        return new SCContractInstance(new ContractExecutable.StellarAsset(), new SCMap(entries.ToXdrArray()));
    }

    public static (Asset Asset, SCAddress? Admin) Read(SCContractInstance instance)
    {
        Asset asset = new Asset.Native();
        SCAddress? admin = null;
        foreach (var entry in instance.Storage?.Value ?? [])
        {
            if (entry.Key is not SCVal.Vec { Value.Value: { Count: 1 } key })
            {
                continue;
            }

            if (key[0].SymbolOrNull() == "Admin")
            {
                admin = entry.Val.AddressOrNull();
            }
            else if (key[0].SymbolOrNull() == "AssetInfo")
            {
                asset = AssetOf(entry.Val);
            }
        }

        return (asset, admin);
    }

    private static SCVal AssetInfo(Asset asset)
    {
        if (asset.Issuer() is not { } issuer)
        {
            return ScValues.Vec("Native".ToSymbol());
        }

        var issuerKey = new SCVal.Bytes(new SCBytes(((PublicKey.Ed25519)issuer.Value).Value.Value));
        return ScValues.Vec(
            (asset is Asset.CreditAlphanum4 ? "AlphaNum4" : "AlphaNum12").ToSymbol(),
            ScValues.SymbolMap(("asset_code", Text(asset.Code())), ("issuer", issuerKey)));
    }

    private static Asset AssetOf(SCVal info)
    {
        if (info is not SCVal.Vec { Value.Value: { Count: 2 } parts }
            || parts[1].Field("asset_code") is not SCVal.String code || parts[1].Field("issuer") is not SCVal.Bytes issuer)
        {
            return new Asset.Native();
        }

        var id = new AccountID(new PublicKey.Ed25519(new Uint256(issuer.Value.Value)));
        var padded = new byte[parts[0].SymbolOrNull() == "AlphaNum4" ? 4 : 12];
        code.Value.Value.Span.CopyTo(padded);
        return padded.Length == 4
            ? new Asset.CreditAlphanum4(new AlphaNum4(new AssetCode4(new XdrBytes(padded)), id))
            : new Asset.CreditAlphanum12(new AlphaNum12(new AssetCode12(new XdrBytes(padded)), id));
    }

    private static SCVal Text(string text) => new SCVal.String(new SCString(new XdrString(Encoding.UTF8.GetBytes(text))));
}
