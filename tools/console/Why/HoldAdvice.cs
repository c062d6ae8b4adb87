using System.Collections.Frozen;
using Payouts.Contracts;

namespace Payouts.OperatorConsole.Why;

/// <summary>What to look at before a payout on hold is decided about, by its code: docs/operations.md in short. A test holds that no code is left out.</summary>
internal static class HoldAdvice
{
    private static readonly FrozenDictionary<FailureCode, string> Advice = new Dictionary<FailureCode, string>
    {
        [FailureCode.NetworkUnavailable] = "the network could not be asked: is the RPC up?",
        [FailureCode.SimulationFailed] = "the call fails as it is: read the detail, mend trustline, balance or contract",
        [FailureCode.AlreadyPaid] = "somebody else may have paid it: it asks by itself; verify with the transaction if you know it",
        [FailureCode.ContractPaused] = "the contract is paused: have it resumed",
        [FailureCode.ContractRefused] = "the contract refuses it: read the detail, mend treasury, trustline or amount",
        [FailureCode.FeeAboveCap] = "the network asks for more than PAYOUTS_MAX_GAS_STROOPS: raise it, or wait",
        [FailureCode.FeeAccountUnfunded] = "fund the account that pays for fee bumps",
        [FailureCode.EntryArchived] = "state that the call needs is archived: have it restored",
        [FailureCode.IntentMismatch] = "payout-signer's own check refused the envelope: find out why before anything else",
        [FailureCode.OrderUnknown] = "payout-signer never heard of this debt from rounds: find out who ordered it before anything else",
        [FailureCode.PolicyRefused] = "the signing policy forbids it: is the round wrong, or the policy?",
        [FailureCode.SignerRejected] = "the signer said no: ask the KMS team",
        [FailureCode.SignerTimeout] = "nobody signed in time: ask the KMS team",
        [FailureCode.Refused] = "the network refused the envelope: read the detail",
        [FailureCode.FailedOnLedger] = "the ledger shows it failed, nobody was paid: read the detail",
        [FailureCode.NotTransferred] = "a transaction succeeded without paying as ordered: compare it with the order; never retry before that",
        [FailureCode.SlotConsumedElsewhere] = "something else used its number and may have paid it: verify with the transaction if you know it",
        [FailureCode.OutcomeUnknown] = "what became of its envelopes is not known: look at the network",
        [FailureCode.AttemptsExhausted] = "too many envelopes expired: look at the network and its fees",
        [FailureCode.OrderConflict] = "the same debt was announced with another amount: find out which is right",
        [FailureCode.Operator] = "an operator stopped it",
        [FailureCode.AuthorizationExpired] = "its authorization came too late: it is authorized anew by itself",
        [FailureCode.TooManyRecipients] = "a prize has more winners than PAYOUTS_RECIPIENTS_MAX: raise it and start payout-builder again",
    }.ToFrozenDictionary();

    /// <summary>Null for a code that a newer service knows and this console does not.</summary>
    public static string? For(string code) => Enum.TryParse<FailureCode>(code, out var known) ? Advice.GetValueOrDefault(known) : null;
}
