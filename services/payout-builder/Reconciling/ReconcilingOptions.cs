using Payouts.Hosting.Configuration;
using Payouts.Stellar;

namespace Payouts.Builder.Reconciling;

/// <summary>What the books are kept by.</summary>
public sealed record ReconcilingOptions
{
    /// <summary>The contract as this installation calls it.</summary>
    public required PayoutContractCall Contract { get; init; }

    /// <summary>The network, part of every payout's id.</summary>
    public required Network Network { get; init; }

    /// <summary>Whose money pays.</summary>
    public required Address Treasury { get; init; }

    /// <summary>The token contract of each currency.</summary>
    public required IReadOnlyDictionary<string, ContractId> Tokens { get; init; }

    /// <summary>How often the ledger is asked for news.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a payout that the ledger shows as paid may stay unconfirmed.</summary>
    public TimeSpan UnconfirmedMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads the settings; problems are collected in <paramref name="settings"/>.</summary>
    public static ReconcilingOptions Read(Settings settings, BuilderOptions builder) => new()
    {
        Contract = builder.Contract,
        Network = builder.Network,
        // A contract that could not be read is a problem of its own key.
        Treasury = settings.Parsed(SettingNames.Treasury, text => text.Length > 0 ? Address.Parse(text) : builder.Contract is { } call ? new Address.Contract(call.Contract) : null!,
            "an address, G... or C...", fallback: ""),
        Tokens = settings.Parsed(SettingNames.TokenContracts, TokenContracts.Parse, TokenContracts.Shape),
        PollInterval = TimeSpan.FromMilliseconds(settings.Number(SettingNames.ReconcilePollMs, 5000, 50, 60_000)),
        UnconfirmedMax = TimeSpan.FromSeconds(settings.Number(SettingNames.ReconcileUnconfirmedSeconds, 600, 60, 86_400)),
    };

    /// <summary>A token as this installation calls it; the contract's own address when it has no name here.</summary>
    public string NameOf(ContractId token) => Tokens.FirstOrDefault(x => x.Value == token).Key ?? token.ToString();

    /// <summary>A currency as this installation calls it.</summary>
    public string NameOf(Currency currency) => currency is Currency.Token { Contract: var token } ? NameOf(token) : currency.ToString()!;
}
