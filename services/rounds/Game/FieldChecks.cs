using System.Buffers;
using System.Globalization;
using System.Text;
using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Rounds.Game;

/// <summary>Collects what is wrong with the fields of one event, each problem with its place.</summary>
internal sealed class FieldChecks
{
    private const int SymbolLengthMax = 32;

    private const int SeedLengthMax = 200;

    /// <summary>A million percent: with 7 decimals 14 digits, which the older backend's numbers hold exactly.</summary>
    private static readonly Stroops RateMax = new((Int128)1_000_000 * Stroops.PerUnit);

    /// <summary>Of a sender's own words in a problem.</summary>
    private const int ShownLengthMax = 60;

    /// <summary>
    /// 10^26 units. Ten thousand stakes and a yield of that size stay below 2^127 stroops, so no sum of a round can overflow; the
    /// ledger's own limit for classic assets is below 10^12 units.
    /// </summary>
    private static readonly Stroops AmountMax = new(Int128.Parse("1" + new string('0', 33), CultureInfo.InvariantCulture));

    private static readonly SearchValues<char> SymbolCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public void Add(RefusalCode code, string text) => _problems.Add(new Problem(code, Printable(text)));

    public string RoundId(string? roundId)
    {
        if (string.IsNullOrWhiteSpace(roundId))
            Add(RefusalCode.RoundIdInvalid, $"roundId: is empty; write 1 to {RoundsOptions.RoundIdLengthMax} characters");
        else if (roundId.Length > RoundsOptions.RoundIdLengthMax)
            Add(RefusalCode.RoundIdInvalid, Invariant($"roundId: has {roundId.Length} characters; write 1 to {RoundsOptions.RoundIdLengthMax}"));
        else if (!IsPrintable(roundId))
            Add(RefusalCode.RoundIdInvalid, "roundId: holds a control character or half a surrogate pair; write printable characters");
        else if (DirectName.Is(roundId))
            Add(RefusalCode.RoundIdInvalid, $"roundId: begins with {DirectName.Prefix}, which is for payouts outside rounds; take another name");
        return roundId ?? "";
    }

    /// <summary>A Soroban symbol: SCSymbol of the protocol holds at most 32 of [a-zA-Z0-9_].</summary>
    public string Symbol(string place, string? symbol)
    {
        if (string.IsNullOrEmpty(symbol) || symbol.Length > SymbolLengthMax || symbol.AsSpan().ContainsAnyExcept(SymbolCharacters))
            Add(RefusalCode.SymbolInvalid, $"{place}: \"{Shorten(symbol)}\" is not a Soroban symbol; write 1 to {SymbolLengthMax} of a-z, A-Z, 0-9 and _");
        return symbol ?? "";
    }

    /// <summary>As the payout contract knows it: a symbol, or the token's own address.</summary>
    public string Currency(string place, string? currency)
    {
        if (!ContractId.TryParse(currency, out _))
            Symbol(place, currency);
        return currency ?? "";
    }

    public bool Account(string place, int index, string field, string? account)
    {
        if (AccountId.TryParse(account, out _))
            return true;
        // The reason is worth an exception only while somebody will read it.
        Add(RefusalCode.AccountInvalid, _problems.Count < RoundsOptions.ProblemsNamedMax ? $"{At(place, index, field)}: {WhyNoAccount(account)}" : "");
        return false;
    }

    public void Account(string place, string? account)
    {
        if (!AccountId.TryParse(account, out _))
            Add(RefusalCode.AccountInvalid, $"{place}: {WhyNoAccount(account)}");
    }

    /// <summary>Words of the sender that are kept as they are.</summary>
    public string Text(RefusalCode code, string place, string? text, int lengthMax)
    {
        if (string.IsNullOrWhiteSpace(text))
            Add(code, Invariant($"{place}: is empty; write 1 to {lengthMax} characters"));
        else if (text.Length > lengthMax)
            Add(code, Invariant($"{place}: has {text.Length} characters; write 1 to {lengthMax}"));
        else if (!IsPrintable(text))
            Add(code, $"{place}: holds a control character or half a surrogate pair; write printable characters");
        return text ?? "";
    }

    public bool Amount(string place, string? text, bool zeroAllowed, out Stroops amount)
    {
        if (!Stroops.TryParse(text, out amount, out var problem))
            Add(RefusalCode.AmountInvalid, $"{place}: {problem}");
        else if (amount < Stroops.Zero)
            Add(RefusalCode.AmountInvalid, $"{place}: {amount} is negative; write an amount {(zeroAllowed ? "of zero or more" : "above zero")}");
        else if (!zeroAllowed && !amount.IsPositive)
            Add(RefusalCode.AmountInvalid, $"{place}: is zero; write an amount above zero, or leave the winner out");
        else if (amount > AmountMax)
            Add(RefusalCode.AmountInvalid, $"{place}: {amount} is above {AmountMax}, the most that is taken");
        else
            return true;
        return false;
    }

    /// <summary>A player's choice: one word, so that the texts that are hashed hold no doubt.</summary>
    public bool Choice(string place, string choice)
    {
        if (choice.Length is > 0 and <= SymbolLengthMax && !choice.AsSpan().ContainsAnyExcept(SymbolCharacters))
            return true;
        Add(RefusalCode.ChoiceInvalid, $"{place}: \"{Shorten(choice)}\" is no choice; write 1 to {SymbolLengthMax} of a-z, A-Z, 0-9 and _");
        return false;
    }

    public void Seed(string place, string seed)
    {
        if (seed.Length is 0 or > SeedLengthMax || !IsPrintable(seed))
            Add(RefusalCode.SeedInvalid, Invariant($"{place}: has {seed.Length} characters or holds one that is not printable; write 1 to {SeedLengthMax} printable characters"));
    }

    /// <summary>A percentage with at most 7 decimals.</summary>
    public void Rate(string place, string text, out Stroops rate)
    {
        if (!Stroops.TryParse(text, out rate, out var problem))
            Add(RefusalCode.YieldRateInvalid, $"{place}: {problem}");
        else if (rate < Stroops.Zero || rate > RateMax)
            Add(RefusalCode.YieldRateInvalid, $"{place}: {rate} is not from 0 to {RateMax} percent");
    }

    public static string At(string place, int index, string field) => Invariant($"{place}[{index}].{field}");

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Shorten(string? text) => text is null ? "" : text.Length <= ShownLengthMax ? text : text[..ShownLengthMax] + "...";

    private static string WhyNoAccount(string? account)
    {
        try
        {
            AccountId.Parse(account ?? "");
            return "";
        }
        catch (FormatException reason)
        {
            return $"{reason.Message}; write the player's account, G...";
        }
    }

    // A problem repeats what the sender wrote, and PostgreSQL stores neither NUL nor half a surrogate pair.
    private static string Printable(string text) => IsPrintable(text)
        ? text
        : string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? Rune.ReplacementChar : rune));

    private static bool IsPrintable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
