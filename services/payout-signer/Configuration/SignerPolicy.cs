using Payouts.Stellar;

namespace Payouts.Signer.Configuration;

/// <summary>What this installation may sign at all.</summary>
public sealed record SignerPolicy
{
    /// <summary>Whose hashes are signed.</summary>
    public required Network Network { get; init; }

    /// <summary>The one call that may be signed: contract, method, argument layout.</summary>
    public required PayoutContractCall Call { get; init; }

    /// <summary>The account whose authority pays.</summary>
    public required AccountId PayoutSource { get; init; }

    /// <summary>Whose signatures the payout source's authority takes; without a setting its own key's.</summary>
    public SourceSigners Signers { get => field ?? SourceSigners.Alone(PayoutSource); init; }

    /// <summary>Accounts that may be transaction source: the payout source itself and every listed channel account.</summary>
    public required IReadOnlySet<AccountId> Channels { get; init; }

    /// <summary>The most that one transaction may cost, in stroops.</summary>
    public required long FeeStroopsMax { get; init; }

    /// <summary>The token contract of each currency; only its transfer may be authorized below the payout call.</summary>
    public required IReadOnlyDictionary<string, ContractId> Tokens { get; init; }
}
