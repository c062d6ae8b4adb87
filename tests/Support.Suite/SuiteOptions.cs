using Payouts.Stellar;

namespace Payouts.Tests.Suite;

/// <summary>Who signs, and whether anything is paid.</summary>
public enum SigningMode
{
    /// <summary>An external signer, asked by message: the local signer as a fifth process.</summary>
    LocalSigner,

    /// <summary>An external signer that the test itself plays.</summary>
    Nobody,

    /// <summary>payout-signer holds the key.</summary>
    HotKey,

    /// <summary>payout-signer asks the provider of <see cref="SuiteOptions.Provider"/> itself.</summary>
    Provider,

    /// <summary>signer-worker, a fifth process, asks that provider.</summary>
    Worker,

    /// <summary>Execution is off.</summary>
    BuildOnly,
}

/// <summary>How the suite is started on real servers.</summary>
public sealed record SuiteOptions
{
    /// <summary>Who signs.</summary>
    public SigningMode Signing { get; init; } = SigningMode.LocalSigner;

    /// <summary>The provider's name, and its settings, for the process that signs.</summary>
    public (string Name, IReadOnlyDictionary<string, string> Settings) Provider { get; init; } = ("", new Dictionary<string, string>());

    /// <summary>The contract's admin; its key must be where <see cref="Signing"/> says.</summary>
    public AccountId PayoutSource { get; init; } = SuiteKeys.PayoutSource.AccountId;

    /// <summary>Processes of each kind, the external signer's too; those after the first are named with their number: payout-builder-2.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Channel accounts; 0: the payout source account is the one channel.</summary>
    public int Channels { get; init; } = 60;

    /// <summary>How often the devnet closes a ledger.</summary>
    public TimeSpan CloseTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Mainnet ledgers' worth of Soroban resources in one ledger; 1 is mainnet's limits.</summary>
    public int LedgerScale { get; init; } = 1;

    /// <summary>Accounts that exist from the first ledger on.</summary>
    public IReadOnlyCollection<string> Players { get; init; } = [];

    /// <summary>True: rounds name their currency by the token's address, as contracts do that take one.</summary>
    public bool CurrencyByAddress { get; init; }

    /// <summary>Settings beyond the usual ones, for every process.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();

    /// <summary>A folder with the published programs, one folder each by the service's name; null: what was built is run.</summary>
    public string? Published { get; init; }

    /// <summary>Hears every line that a process prints: its name, and the line.</summary>
    public Action<string, string>? Heard { get; init; }

    /// <summary>Changes one process's settings before it is created: its name (payout-builder, payout-builder-2), and what it would get.</summary>
    public Action<string, Dictionary<string, string>> Adjust { get; init; } = (_, _) => { };
}
