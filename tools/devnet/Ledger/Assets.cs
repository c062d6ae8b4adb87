using System.Text;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>Assets in their three XDR forms and as the SEP-11 text that token events carry.</summary>
public static class Assets
{
    public static TrustLineAsset ToTrustLine(this Asset asset) => asset switch
    {
        Asset.CreditAlphanum4 four => new TrustLineAsset.CreditAlphanum4(four.Value),
        Asset.CreditAlphanum12 twelve => new TrustLineAsset.CreditAlphanum12(twelve.Value),
        _ => new TrustLineAsset.Native(),
    };

    /// <returns>Null for liquidity pool shares, which are no asset.</returns>
    public static Asset? ToAsset(this ChangeTrustAsset line) => line switch
    {
        ChangeTrustAsset.CreditAlphanum4 four => new Asset.CreditAlphanum4(four.Value),
        ChangeTrustAsset.CreditAlphanum12 twelve => new Asset.CreditAlphanum12(twelve.Value),
        ChangeTrustAsset.Native => new Asset.Native(),
        _ => null,
    };

    public static AccountID? Issuer(this Asset asset) => asset switch
    {
        Asset.CreditAlphanum4 four => four.Value.Issuer,
        Asset.CreditAlphanum12 twelve => twelve.Value.Issuer,
        _ => null,
    };

    public static AccountID? Issuer(this TrustLineAsset asset) => asset switch
    {
        TrustLineAsset.CreditAlphanum4 four => four.Value.Issuer,
        TrustLineAsset.CreditAlphanum12 twelve => twelve.Value.Issuer,
        _ => null,
    };

    public static string Code(this Asset asset) => asset switch
    {
        Asset.CreditAlphanum4 four => Text(four.Value.AssetCode.Value),
        Asset.CreditAlphanum12 twelve => Text(twelve.Value.AssetCode.Value),
        _ => "native",
    };

    /// <summary>SEP-11: "native" or CODE:ISSUER.</summary>
    public static string Sep11(this Asset asset) => asset.Issuer() is { } issuer ? $"{asset.Code()}:{issuer.Text()}" : "native";

    /// <summary>Reads what <see cref="Sep11"/> writes; the option reader has checked the form.</summary>
    public static Asset Parse(string text)
    {
        if (text == "native")
        {
            return new Asset.Native();
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var code = Encoding.ASCII.GetBytes(text[..colon]);
        var issuer = Identities.Account(text[(colon + 1)..]);
        var padded = new byte[code.Length <= 4 ? 4 : 12];
        code.CopyTo(padded, 0);
        return padded.Length == 4
            ? new Asset.CreditAlphanum4(new AlphaNum4(new AssetCode4(new XdrBytes(padded)), issuer))
            : new Asset.CreditAlphanum12(new AlphaNum12(new AssetCode12(new XdrBytes(padded)), issuer));
    }

    /// <summary>Code: 1 to 4 (or 5 to 12) letters and digits, zero-padded to the right only.</summary>
    public static bool IsValid(this Asset asset) => asset switch
    {
        Asset.Native => true,
        Asset.CreditAlphanum4 four => IsCode(four.Value.AssetCode.Value.Span, 1),
        Asset.CreditAlphanum12 twelve => IsCode(twelve.Value.AssetCode.Value.Span, 5),
        _ => false,
    };

    private static bool IsCode(ReadOnlySpan<byte> code, int lengthMin)
    {
        var length = code.IndexOf((byte)0) is >= 0 and var zero ? zero : code.Length;
        if (length < lengthMin || code[length..].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        foreach (var character in code[..length])
        {
            if (!char.IsAsciiLetterOrDigit((char)character))
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(XdrBytes code) => Encoding.ASCII.GetString(code.Span.TrimEnd((byte)0));
}
