using Payouts.Hosting.Configuration;
using Payouts.Stellar;

namespace Payouts.Submitter;

/// <summary>What payout-submitter was told at its start.</summary>
public sealed record SubmitterOptions
{
    /// <summary>The contract as this installation calls it: what a transaction that pays must be.</summary>
    public required PayoutContractCall Call { get; init; }

    /// <summary>The payout contract whose PAYOUT event confirms.</summary>
    public ContractId Contract => Call.Contract;

    /// <summary>The token contract of each currency: the transfer that confirms must come from it.</summary>
    public required IReadOnlyDictionary<string, ContractId> Tokens { get; init; }

    /// <summary>Whose balance pays: the confirming transfer comes from it.</summary>
    public required Address Treasury { get; init; }

    /// <summary>How often the ledger's events are read.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <summary>Questions by hash after an envelope's validity ended, before a human decides.</summary>
    public required int PollsAfterEndMax { get; init; }

    /// <summary>Who pays for fee bumps; null: fees are not bumped.</summary>
    public AccountId? FeeAccount { get; init; }

    /// <summary>The most that one transaction may cost, in stroops.</summary>
    public required long FeeMaxStroops { get; init; }

    /// <summary>Ledgers that an accepted transaction may be missing before its fee is bumped.</summary>
    public required uint BumpAfterLedgers { get; init; }

    /// <summary>Envelopes that one step claims and sends. No setting: with one, nothing in a step happens beside something else, which a simulation needs.</summary>
    public int SendBatchMax { get; init; } = 200;

    /// <summary>Envelopes on their way to the network at once.</summary>
    public int SendsAtOnceMax { get; init; } = 32;

    /// <summary>Questions by hash on their way at once.</summary>
    public int QuestionsAtOnceMax { get; init; } = 16;

    /// <summary>Reads the settings; problems are collected in <paramref name="settings"/>.</summary>
    public static SubmitterOptions Read(Settings settings)
    {
        var contract = settings.Parsed(SettingNames.ContractId, text => ContractId.Parse(text), "the payout contract, C...");
        var layout = settings.Parsed(SettingNames.ArgumentLayout, PayoutArgumentLayout.Parse, "an argument layout", PayoutArgumentLayout.DefaultText);
        return new()
        {
            Call = settings.Parsed(SettingNames.MethodName, method => new PayoutContractCall(contract, method, layout), "a contract method", PayoutContractCall.DefaultMethod),
            Treasury = settings.Parsed(SettingNames.Treasury, text => text.Length == 0 ? new Address.Contract(contract) : Address.Parse(text), "an address, G... or C...", fallback: ""),
            Tokens = settings.Parsed(SettingNames.TokenContracts, ParseTokens, "token contracts, CURRENCY=C..., comma separated"),
            PollInterval = TimeSpan.FromMilliseconds(settings.Number(SettingNames.ConfirmPollMs, 2500, 50, 60_000)),
            FeeAccount = settings.Parsed(SettingNames.FeeAccount, text => text.Length == 0 ? default(AccountId?) : AccountId.Parse(text), "the account that pays for fee bumps, G...", fallback: ""),
            FeeMaxStroops = settings.Number(SettingNames.MaxGasStroops, 2_000_000, 100, uint.MaxValue),
            // A transaction waits in a node's queue for four ledgers.
            BumpAfterLedgers = (uint)settings.Number(SettingNames.BumpAfterLedgers, 5, 1, 100),
            PollsAfterEndMax = (int)settings.Number(SettingNames.ConfirmMaxPolls, 20, 1, 10_000),
        };
    }

    private static IReadOnlyDictionary<string, ContractId> ParseTokens(string text)
    {
        var tokens = new Dictionary<string, ContractId>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length != 2 || !tokens.TryAdd(parts[0], ContractId.Parse(parts[1])))
                throw new FormatException("write each currency once, such as XLM=C...");
        }

        return tokens.Count > 0 ? tokens : throw new FormatException("no currency is listed");
    }
}
