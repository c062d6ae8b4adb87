namespace Payouts.Run;

/// <summary>How the embedded suite is set up.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>Who signs, and whether anything is paid.</summary>
    public SuiteMode Mode { get; init; } = SuiteMode.External;

    /// <summary>Channel accounts: how many payouts one ledger can take.</summary>
    public int Channels { get; init; } = 200;

    /// <summary>How often the devnet closes a ledger.</summary>
    public TimeSpan CloseTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The HTTP port of the services; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The devnet's port; 0: any free one.</summary>
    public int DevnetPort { get; init; }

    /// <summary>Accounts that exist from the first ledger on: the players of a round.</summary>
    public IReadOnlyCollection<string> Players { get; init; } = [];

    /// <summary>Settings beside its own, or instead of them.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>False: only warnings are logged.</summary>
    public bool Verbose { get; init; }
}
