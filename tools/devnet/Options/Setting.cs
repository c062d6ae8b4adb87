using System.Globalization;
using System.Net;
using Payouts.Stellar;

namespace Payouts.Devnet.Options;

/// <summary>One raw value with the key it came under, so that every refusal can name the key.</summary>
internal readonly record struct Setting(string Key, string Value)
{
    public int Integer(int min, int max) => (int)Long(min, max);

    public long Long(long min, long max) =>
        long.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Refuse($"must be a whole number from {min.ToString(CultureInfo.InvariantCulture)} to {max.ToString(CultureInfo.InvariantCulture)}");

    public bool Flag() => Value switch
    {
        "true" => true,
        "false" => false,
        _ => throw Refuse("must be true or false"),
    };

    public string Text() => Value.Length > 0 ? Value : throw Refuse("must not be empty");

    public string Address() => IPAddress.TryParse(Value, out _) ? Value : throw Refuse("must be an IP address to listen on");

    public string Account() => AccountId.TryParse(Value, out _) ? Value : throw Refuse("must be an account (G...)");

    public string Contract() => ContractId.TryParse(Value, out _) ? Value : throw Refuse("must be a contract (C...)");

    public string AccountOrContract() =>
        AccountId.TryParse(Value, out _) || ContractId.TryParse(Value, out _) ? Value : throw Refuse("must be an account (G...) or a contract (C...)");

    public string Symbol() =>
        Value.Length is > 0 and <= 32 && Value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? Value
            : throw Refuse("must name its currency with 1 to 32 letters, digits or underscores");

    public string Asset()
    {
        if (Value == "native")
        {
            return Value;
        }

        var (code, issuer) = Split(':', "native or CODE:ISSUER");
        issuer.Account();
        return code.Value.Length is > 0 and <= 12 && code.Value.All(char.IsAsciiLetterOrDigit)
            ? Value
            : throw Refuse("must give its asset code as 1 to 12 letters or digits");
    }

    public (Setting Left, Setting Right) Split(char separator, string form)
    {
        var at = Value.IndexOf(separator, StringComparison.Ordinal);
        return at > 0 ? (this with { Value = Value[..at] }, this with { Value = Value[(at + 1)..] }) : throw Refuse($"must look like {form}");
    }

    public IReadOnlyList<T> List<T>(Func<Setting, T> item)
    {
        var key = Key;
        return [.. Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => item(new Setting(key, part)))];
    }

    private DevnetOptionsException Refuse(string rule) => new(Key, $"{rule}, not \"{Value}\"");
}
