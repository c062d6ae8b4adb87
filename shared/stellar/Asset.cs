using System.Security.Cryptography;
using System.Text;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>A classic asset: the native one, or a code with its issuer. Written as SEP-11 says: <c>native</c> or <c>CODE:G...</c>.</summary>
public abstract record Asset
{
    private Asset()
    {
    }

    public static Asset Native { get; } = new NativeAsset();

    /// <param name="code">1 to 12 letters and digits.</param>
    public static Asset Issue(string code, AccountId issuer) =>
        code.Length is >= 1 and <= 12 && code.All(char.IsAsciiLetterOrDigit)
            ? new IssuedAsset(code, issuer)
            : throw new FormatException($"'{code}' is not an asset code: 1 to 12 ASCII letters and digits are right");

    /// <exception cref="FormatException">Neither <c>native</c> nor <c>CODE:G...</c>.</exception>
    public static Asset Parse(string text)
    {
        if (text == "native")
        {
            return Native;
        }

        var parts = text.Split(':');
        return parts.Length == 2
            ? Issue(parts[0], AccountId.Parse(parts[1]))
            : throw new FormatException($"{StrKey.Quote(text)} is not an asset: 'native' or CODE:G... is right");
    }

    public abstract Xdr.Asset ToXdr();

    public abstract ChangeTrustAsset ToChangeTrustXdr();

    public abstract TrustLineAsset ToTrustLineXdr();

    /// <summary>The id of the asset's own contract (the Stellar Asset Contract of CAP-46-6) on a network.</summary>
    public ContractId ContractIdOn(Network network)
    {
        var preimage = new HashIDPreimage.ContractId(new HashIDPreimageContractID(network.NetworkId, new ContractIDPreimage.Asset(ToXdr())));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        XdrCodec.Sha256(preimage, hash);
        return new ContractId(hash);
    }

    private sealed record NativeAsset : Asset
    {
        public override Xdr.Asset ToXdr() => new Xdr.Asset.Native();

        public override ChangeTrustAsset ToChangeTrustXdr() => new ChangeTrustAsset.Native();

        public override TrustLineAsset ToTrustLineXdr() => new TrustLineAsset.Native();

        public override string ToString() => "native";
    }

    private sealed record IssuedAsset(string Code, AccountId Issuer) : Asset
    {
        private AlphaNum4 Short => new(new AssetCode4(Padded(4)), Issuer.ToXdr());

        private AlphaNum12 Long => new(new AssetCode12(Padded(12)), Issuer.ToXdr());

        public override Xdr.Asset ToXdr() =>
            Code.Length <= 4 ? new Xdr.Asset.CreditAlphanum4(Short) : new Xdr.Asset.CreditAlphanum12(Long);

        public override ChangeTrustAsset ToChangeTrustXdr() =>
            Code.Length <= 4 ? new ChangeTrustAsset.CreditAlphanum4(Short) : new ChangeTrustAsset.CreditAlphanum12(Long);

        public override TrustLineAsset ToTrustLineXdr() =>
            Code.Length <= 4 ? new TrustLineAsset.CreditAlphanum4(Short) : new TrustLineAsset.CreditAlphanum12(Long);

        public override string ToString() => $"{Code}:{Issuer}";

        private XdrBytes Padded(int length)
        {
            var bytes = new byte[length];
            Encoding.ASCII.GetBytes(Code, bytes);
            return new XdrBytes(bytes);
        }
    }
}
