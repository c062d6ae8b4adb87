using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Payouts.Channels.Commands;
using Payouts.Channels.Ledger;
using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Channels;

/// <summary>The options of the commands, with their bounds.</summary>
internal sealed class ChannelOptions
{
    private const long BalanceMaxXlm = 10_000;
    private const long DefaultBalanceStroops = 50_000_000;
    private const int WaitSecondsMax = 7 * 24 * 3600;

    public ChannelOptions()
    {
        From = Whole("--from", "the first number", 0, ChannelKeys.ChannelsMax - 1, 0);
        CountRequired = Whole("--count", "how many accounts, 1 to 1000", 1, ChannelKeys.ChannelsMax, null);
        Count = Whole("--count", "how many numbers from FROM on; without it all", 1, ChannelKeys.ChannelsMax, ChannelKeys.ChannelsMax);
        MaxFee = Whole("--max-fee", "the most that is bid for an operation, in stroops; what the market asks below that is bid", (int)TransactionBuilder.InclusionFeeMin, 10_000_000, 10_000);
        Fees = Whole("--fees", "for how many payouts at PAYOUTS_MAX_GAS_STROOPS a channel must be able to pay", 0, 1_000_000, 10);
        Last = Whole("--last", "the existing channels with the N highest numbers", 1, ChannelKeys.ChannelsMax, 0);
        WaitSeconds = Whole("--wait", "how long the channels may take to drain, in seconds", 0, WaitSecondsMax, 600);
        Numbers = new Option<int[]>("--number") { Description = "numbers of channels, 0 to 999", AllowMultipleArgumentsPerToken = true };
        Numbers.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(x => !int.TryParse(x.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= ChannelKeys.ChannelsMax))
                result.AddError($"--number is \"{token.Value}\"; a whole number from 0 to {ChannelKeys.ChannelsMax - 1} is right");
        });
    }

    public Option<bool> Json { get; } = new("--json") { Description = "the answer as one JSON document", Recursive = true };

    public Option<int> From { get; }

    public Option<int> CountRequired { get; }

    public Option<int> Count { get; }

    public Option<int> MaxFee { get; }

    public Option<int> Fees { get; }

    public Option<long> Balance { get; } = Amount("--balance", "what each new account gets, in XLM, its reserve of 1 XLM included", DefaultBalanceStroops);

    public Option<long> Min { get; } = Amount("--min", "who can spend less, in XLM, is topped up", null);

    public Option<long> To { get; } = Amount("--to", "what a topped up account can spend afterwards, in XLM", null);

    public Option<bool> WithFeeAccount { get; } = new("--fee-account") { Description = "the account that pays for fee bumps as well: key number 1000" };

    public Option<bool> AsSetting { get; } = new("--setting") { Description = "print only the value of PAYOUT_CHANNEL_ACCOUNTS" };

    public Option<Uri?> Builder { get; } = Address("--builder", "payout-builder's address, such as http://payout-builder:8080");

    public Option<Uri?> BuilderRequired { get; } = Required(Address("--builder", "payout-builder's address, such as http://payout-builder:8080"));

    public Argument<string[]> Accounts { get; } = new("account") { Description = "channel accounts, G...", Arity = ArgumentArity.ZeroOrMore };

    public Option<int[]> Numbers { get; }

    public Option<int> Last { get; }

    public Option<bool> Offline { get; } = new("--offline") { Description = "do not ask payout-builder; an account that PAYOUT_CHANNEL_ACCOUNTS lists is refused all the same" };

    public Option<bool> ConfirmUnused { get; } = new("--confirm-unused") { Description = "with --offline: I have made sure that no payout-builder has a slot open on these accounts" };

    public Option<int> WaitSeconds { get; }

    public Option<int> Wait => WaitSeconds;

    public Option<string?> By { get; } = new("--by") { Description = "who decides, where the key names nobody; otherwise payout-builder keeps the key's name" };

    public Option<string> Reason { get; } = new("--reason") { Description = "why; payout-builder keeps it", DefaultValueFactory = _ => "by the channels command" };

    /// <summary>FROM to FROM + COUNT - 1, and the fee account if wanted.</summary>
    public static IReadOnlyList<PoolMember> Range(Work work, int from, int count, bool feeAccount) =>
        [.. work.Keys.Channels.Skip(from).Take(count), .. feeAccount ? [work.Keys.FeeAccount] : Array.Empty<PoolMember>()];

    /// <summary>The last number must be one that a channel can have.</summary>
    public static void RequireRange(CommandResult result, Option<int> from, Option<int> count)
    {
        // What is no number at all is refused by the option itself.
        if (WholeOf(result.GetResult(from)) is { } first and < ChannelKeys.ChannelsMax && WholeOf(result.GetResult(count)) is { } many && first + many > ChannelKeys.ChannelsMax)
            result.AddError(string.Create(CultureInfo.InvariantCulture,
                $"--from {first} --count {many} ends at number {first + many - 1}; the last channel is number {ChannelKeys.ChannelsMax - 1}"));
    }

    private static int? WholeOf(OptionResult? option) => option is null or { Implicit: true } ? 0
        : option.Tokens.Count == 1 && int.TryParse(option.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= ChannelKeys.ChannelsMax ? value : null;

    public IReadOnlyList<PoolMember> MembersOf(ParseResult parsed, Work work, bool feeAccount) => Range(work, parsed.GetValue(From), parsed.GetValue(Count), feeAccount);

    public RetireOptions RetireOptionsOf(ParseResult parsed, Work work) =>
        new(parsed.GetResult(Builder) is null ? null : parsed.GetValue(Builder), TimeSpan.FromSeconds(parsed.GetResult(WaitSeconds) is null ? 0 : parsed.GetValue(WaitSeconds)), parsed.GetValue(By) ?? work.Settings.Decider, parsed.GetValue(Reason)!);

    /// <summary>One way to say which, not two.</summary>
    public void RequireChosen(CommandResult result)
    {
        var ways = new[] { result.GetResult(Accounts)?.Tokens.Count > 0, result.GetResult(Numbers)?.Tokens.Count > 0, result.GetResult(Last) is { Implicit: false } };
        if (ways.Count(x => x) != 1)
            result.AddError("say which channels in one way: accounts G..., --number I ..., or --last N");
    }

    /// <summary>Somebody must know that nobody uses them.</summary>
    public void RequireWitness(CommandResult result)
    {
        var (builder, offline, confirmed) = (result.GetResult(Builder) is { Implicit: false }, result.GetValue(Offline), result.GetValue(ConfirmUnused));
        if (builder == offline)
            result.AddError("give --builder ADDRESS, so that payout-builder says when nobody uses them, or --offline --confirm-unused");
        if (offline && !confirmed)
            result.AddError("--offline merges without asking payout-builder: say --confirm-unused when no slot of these accounts can be open");
        if (confirmed && !offline)
            result.AddError("--confirm-unused belongs to --offline");
    }

    /// <summary>The channels that were named, by number.</summary>
    /// <exception cref="CommandException">An account that the secret does not give, or no account exists.</exception>
    public async Task<IReadOnlyList<PoolMember>> ChosenAsync(ParseResult parsed, Work work, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Last) is > 0 and var last)
        {
            var there = await AccountReader.ReadAsync(work.Rpc, work.Keys.Channels.Select(x => x.Account), cancellationToken);
            return [.. work.Keys.Channels.Where(x => there.Find(x.Account) is not null).TakeLast(last)];
        }

        var named = (parsed.GetValue(Accounts) ?? []).Select(text => AccountId.TryParse(text, out var account) && work.Keys.Find(account) is { Number: < ChannelKeys.ChannelsMax } member
            ? member
            : throw new CommandException(ExitCodes.Usage, $"\"{(text.StartsWith('S') ? "S..." : text)}\" is none of the {ChannelKeys.ChannelsMax} channels of PAYOUT_CHANNEL_SECRET"));
        return [.. named.Concat((parsed.GetValue(Numbers) ?? []).Select(number => work.Keys.Channels[number])).Distinct().OrderBy(x => x.Number)];
    }

    private static Option<int> Whole(string name, string description, int min, int max, int? fallback)
    {
        var option = new Option<int>(name)
        {
            Description = fallback is > 0 and var shown ? string.Create(CultureInfo.InvariantCulture, $"{description} ({shown})") : description,
            Required = fallback is null,
            CustomParser = argument =>
            {
                var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
                if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
                    return value;
                argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is \"{text}\"; a whole number from {min} to {max} is right"));
                return 0;
            },
        };
        if (fallback is { } value)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    private static Option<long> Amount(string name, string description, long? fallback)
    {
        var option = new Option<long>(name)
        {
            Description = fallback is { } shown ? $"{description} ({Reserves.Xlm(shown).TrimEnd('0').TrimEnd('.')})" : description,
            Required = fallback is null,
            CustomParser = argument =>
            {
                var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
                if (Stroops.TryParse(text, out var amount, out var problem) && amount.IsPositive && amount.Value <= BalanceMaxXlm * Stroops.PerUnit)
                    return (long)amount.Value;
                argument.AddError($"{name} is not an amount above 0 and up to {BalanceMaxXlm} XLM{(problem is null ? $": \"{text}\"" : $": {problem}")}");
                return 0;
            },
        };
        if (fallback is { } value)
            option.DefaultValueFactory = _ => value;
        return option;
    }

    private static Option<Uri?> Address(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = argument =>
        {
            var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                return address;
            argument.AddError($"{name} is \"{text}\"; an address such as http://payout-builder:8080 is right");
            return null;
        },
    };

    private static Option<Uri?> Required(Option<Uri?> option)
    {
        option.Required = true;
        return option;
    }
}
