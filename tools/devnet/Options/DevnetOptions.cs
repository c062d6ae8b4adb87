namespace Payouts.Devnet.Options;

/// <summary>Everything that shapes a devnet. All amounts are stroops (1e-7 of a unit).</summary>
public sealed record DevnetOptions
{
    /// <summary>TCP port on loopback; 0 takes any free port.</summary>
    public int Port { get; init; } = 8000;

    /// <summary>Address to listen on. A container needs 0.0.0.0; everything else should stay on loopback.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>
    /// Time between ledgers. Zero means that ledgers close only on request (tests). Close times are whole seconds and strictly increase, so
    /// below one second the ledger's clock runs ahead of the wall's: clients must judge validity by the ledger's.
    /// </summary>
    public TimeSpan CloseTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Soroban transactions one ledger takes (mainnet: 2,000).</summary>
    public int CapacitySoroban { get; init; } = 2_000;

    /// <summary>
    /// Mainnet ledgers' worth of Soroban instructions, transaction bytes and writes that one ledger takes; 1 is mainnet's limits exactly, which
    /// takes 227 single payouts. Load tests raise it to see the suite's own limits instead of the network's.
    /// </summary>
    public int LedgerScale { get; init; } = 1;

    /// <summary>Classic operations one ledger takes (mainnet: 1,000).</summary>
    public int CapacityClassic { get; init; } = 1_000;

    public int BaseFeeStroops { get; init; } = 100;

    public int BaseReserveStroops { get; init; } = 5_000_000;

    /// <summary>27 (mainnet, mid 2026) or 28.</summary>
    public int ProtocolVersion { get; init; } = 27;

    public string NetworkPassphrase { get; init; } = "Standalone Network ; February 2017";

    /// <summary>Seeds everything random here: nonces of simulated authorizations, fault draws, apply order.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Ledgers whose transactions and events stay readable.</summary>
    public int RetentionLedgers { get; init; } = 17_280;

    /// <summary>Upper bound of the memory that history may hold; the oldest ledgers go first.</summary>
    public int RetentionMegabytes { get; init; } = 256;

    /// <summary>Ledgers a new persistent contract entry lives (mainnet: 2,073,600).</summary>
    public int PersistentTtlLedgers { get; init; } = 120_960;

    /// <summary>Whether transactions keep diagnostic events of their calls (fn_call, events, fn_return), as nodes behind an RPC do.</summary>
    public bool Diagnostics { get; init; } = true;

    /// <summary>
    /// Whether simulations that meet archived entries answer with a restorePreamble, as before protocol 23, instead of naming the entries that the
    /// transaction itself restores.
    /// </summary>
    public bool RestorePreambles { get; init; }

    /// <summary>Where the ledger is kept between runs; null keeps it in memory only.</summary>
    public string? StateFile { get; init; }

    public IReadOnlyList<GenesisAccount> Accounts { get; init; } = [];

    public PayoutContractOptions Payout { get; init; } = new();
}

/// <summary>An account that exists from the first ledger on.</summary>
public sealed record GenesisAccount(string PublicKey, long BalanceStroops);

/// <summary>The payout contract as deployed in the genesis ledger.</summary>
public sealed record PayoutContractOptions
{
    /// <summary>C... of the contract; null derives one from the seed.</summary>
    public string? ContractId { get; init; }

    /// <summary>G... that must authorize every payout; null leaves the contract without admin (UnauthorizedCaller).</summary>
    public string? Admin { get; init; }

    /// <summary>G... or C... that receives the dust of distribute_prize; null means TreasuryNotSet.</summary>
    public string? Treasury { get; init; }

    public bool Paused { get; init; }

    /// <summary>The registry: which token is paid for which currency symbol, and how much of it the contract holds.</summary>
    public IReadOnlyList<TokenRegistration> Tokens { get; init; } =
        [new TokenRegistration("XLM", "native", 10_000_000_000_000_000)];
}

/// <param name="Currency">Symbol that callers pass (at most 32 of a-z, A-Z, 0-9, _).</param>
/// <param name="Asset">"native" or CODE:ISSUER; the token contract is that asset's Stellar Asset Contract.</param>
/// <param name="FundingStroops">What the payout contract holds of it in the genesis ledger.</param>
public sealed record TokenRegistration(string Currency, string Asset, long FundingStroops);
