using System.Collections;

namespace Payouts.Devnet.Options;

/// <summary>Reads DEVNET_* variables and --kebab-case arguments (which win) into options; unknown and bad ones stop the start.</summary>
public static class DevnetOptionsReader
{
    private const string Prefix = "DEVNET_";

    private static readonly Dictionary<string, Func<DevnetOptions, Setting, DevnetOptions>> Settings = new(StringComparer.Ordinal)
    {
        ["DEVNET_PORT"] = (o, s) => o with { Port = s.Integer(0, 65_535) },
        ["DEVNET_HOST"] = (o, s) => o with { Host = s.Address() },
        ["DEVNET_CLOSE_TIME_MS"] = (o, s) => o with { CloseTime = TimeSpan.FromMilliseconds(s.Integer(0, 3_600_000)) },
        ["DEVNET_CAPACITY_SOROBAN"] = (o, s) => o with { CapacitySoroban = s.Integer(1, 100_000) },
        ["DEVNET_LEDGER_SCALE"] = (o, s) => o with { LedgerScale = s.Integer(1, 1_000) },
        ["DEVNET_CAPACITY_CLASSIC"] = (o, s) => o with { CapacityClassic = s.Integer(1, 100_000) },
        ["DEVNET_BASE_FEE"] = (o, s) => o with { BaseFeeStroops = s.Integer(1, 1_000_000) },
        ["DEVNET_BASE_RESERVE"] = (o, s) => o with { BaseReserveStroops = s.Integer(1, 1_000_000_000) },
        ["DEVNET_PROTOCOL"] = (o, s) => o with { ProtocolVersion = s.Integer(27, 28) },
        ["DEVNET_NETWORK_PASSPHRASE"] = (o, s) => o with { NetworkPassphrase = s.Text() },
        ["DEVNET_SEED"] = (o, s) => o with { Seed = s.Long(long.MinValue, long.MaxValue) },
        ["DEVNET_RETENTION_LEDGERS"] = (o, s) => o with { RetentionLedgers = s.Integer(1, 1_000_000) },
        ["DEVNET_RETENTION_MEGABYTES"] = (o, s) => o with { RetentionMegabytes = s.Integer(1, 16_384) },
        ["DEVNET_PERSISTENT_TTL_LEDGERS"] = (o, s) => o with { PersistentTtlLedgers = s.Integer(1, 3_110_400) },
        ["DEVNET_DIAGNOSTICS"] = (o, s) => o with { Diagnostics = s.Flag() },
        ["DEVNET_RESTORE_PREAMBLES"] = (o, s) => o with { RestorePreambles = s.Flag() },
        ["DEVNET_STATE_FILE"] = (o, s) => o with { StateFile = s.Text() },
        ["DEVNET_ACCOUNTS"] = (o, s) => o with { Accounts = s.List(GenesisAccountOf) },
        ["DEVNET_PAYOUT_CONTRACT"] = (o, s) => o with { Payout = o.Payout with { ContractId = s.Contract() } },
        ["DEVNET_PAYOUT_ADMIN"] = (o, s) => o with { Payout = o.Payout with { Admin = s.Account() } },
        ["DEVNET_PAYOUT_TREASURY"] = (o, s) => o with { Payout = o.Payout with { Treasury = s.AccountOrContract() } },
        ["DEVNET_PAYOUT_PAUSED"] = (o, s) => o with { Payout = o.Payout with { Paused = s.Flag() } },
        ["DEVNET_PAYOUT_TOKENS"] = (o, s) => o with { Payout = o.Payout with { Tokens = s.List(TokenOf) } },
    };

    /// <summary>Every setting there is.</summary>
    public static IEnumerable<string> Keys => Settings.Keys;

    /// <inheritdoc cref="Read"/>
    public static DevnetOptions FromEnvironment(IReadOnlyList<string> arguments) => Read(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(one => (string)one.Key, one => (string?)one.Value ?? "", StringComparer.Ordinal),
        arguments);

    /// <exception cref="DevnetOptionsException">A key is unknown or its value unusable.</exception>
    public static DevnetOptions Read(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in environment)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                values[key] = value;
            }
        }

        foreach (var (key, value) in Arguments(arguments))
        {
            values[key] = value;
        }

        var options = new DevnetOptions();
        foreach (var (key, value) in values)
        {
            if (!Settings.TryGetValue(key, out var apply))
            {
                throw new DevnetOptionsException(key, $"is not a setting of the devnet; known are {string.Join(", ", Settings.Keys)}");
            }

            options = apply(options, new Setting(key, value));
        }

        return options;
    }

    private static IEnumerable<(string Key, string Value)> Arguments(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                throw new DevnetOptionsException(argument, "is not an option: options look like --close-time-ms 1000");
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            if (equals < 0 && i + 1 == arguments.Count)
            {
                throw new DevnetOptionsException(argument, "needs a value");
            }

            var value = equals < 0 ? arguments[++i] : argument[(equals + 1)..];
            yield return (Prefix + name[2..].Replace('-', '_').ToUpperInvariant(), value);
        }
    }

    private static GenesisAccount GenesisAccountOf(Setting setting)
    {
        var (account, balance) = setting.Split('=', "G...=balance in stroops");
        return new GenesisAccount(account.Account(), balance.Long(0, long.MaxValue));
    }

    private static TokenRegistration TokenOf(Setting setting)
    {
        var (currency, rest) = setting.Split('=', "CURRENCY=native/funding or CURRENCY=CODE:ISSUER/funding");
        var (asset, funding) = rest.Split('/', "CURRENCY=native/funding or CURRENCY=CODE:ISSUER/funding");
        return new TokenRegistration(currency.Symbol(), asset.Asset(), funding.Long(0, long.MaxValue));
    }
}
