using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Rpc;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Builder.Building;

/// <summary>
/// Turns an order and a slot into an unsigned transaction: the contract call with the payout source as operation source, simulated,
/// assembled within the fee cap, valid for a bounded time of the ledger's clock.
/// </summary>
public sealed class TransactionFactory(ISorobanRpcClient rpc, LedgerClock clock, InclusionFee inclusionFee, BuilderOptions options)
{
    /// <summary>Ledgers may close faster than they did so far; the ledger bound must not end a validity early.</summary>
    private const double LedgerBoundMargin = 1.5;

    private const uint LedgerBoundMin = 20;

    /// <summary>Ledgers that an authorization must still count: as many as the shortest envelope lives.</summary>
    private const uint AuthorizationLedgersMin = LedgerBoundMin;

    /// <summary>What is declared above the simulated resource fee of a restoring transaction, as for any other.</summary>
    private const int RestoreFeeMarginPercent = 15;

    /// <summary>A year of the fastest ledgers there are: the sum with a ledger's number stays one.</summary>
    private const uint LedgerBoundMax = 10_000_000;

    /// <summary>Of a server's or a library's own words, which have no bound.</summary>
    private const int DetailLengthMax = 600;

    /// <summary>Builds, or says why not; a network that cannot be asked is an outcome too, and a transient one.</summary>
    public async Task<BuildOutcome> BuildAsync(BuildPayout command, CancellationToken cancellationToken)
    {
        try
        {
            var now = await clock.NowAsync(cancellationToken);
            var validUntil = DateTimeOffset.FromUnixTimeSeconds((now.ClosedAt + options.Validity).ToUnixTimeSeconds());
            var maxLedger = now.Ledger + Math.Max(LedgerBoundMin, (uint)Math.Min(options.Validity / now.MeanClose * LedgerBoundMargin, LedgerBoundMax));
            var authorization = command.AuthorizationXdr is { } xdr ? PayoutAuthorization.FromBase64(xdr) : null;
            if (authorization is not null)
            {
                var until = SorobanAuthorization.Credentials(authorization).SignatureExpirationLedger;
                if (until < now.Ledger + AuthorizationLedgersMin)
                    return NotBuilt(command, FailureCode.AuthorizationExpired, $"its authorization counts until ledger {until}, and the newest is {now.Ledger}; {AuthorizationLedgersMin} ledgers are needed", transient: false);
                maxLedger = Math.Min(maxLedger, until);
            }

            // An authorized call acts for its channel, and the authorization lends it the payout source's authority.
            var pay = options.Contract.Pay(StellarOrders.Of(command.Order));
            var call = authorization is null ? pay with { Source = options.SourceAccount } : pay with { Authorizations = [authorization] };
            var draft = new TransactionBuilder(AccountId.Parse(command.Slot.Channel), command.Slot.SequenceNumber)
                .Add(call)
                .ValidUntil(validUntil)
                .ValidInLedgers(0, maxLedger)
                .Build();
            var fee = await inclusionFee.NowAsync(cancellationToken);
            var simulation = await rpc.SimulateTransactionAsync(draft.ToEnvelope(), cancellationToken);
            return simulation switch
            {
                SimulationResult.Success success => Assemble(command, draft, success, fee, validUntil, maxLedger),
                SimulationResult.Failed failed => Refused(command, failed),
                _ => throw new InvalidOperationException($"{simulation.GetType().Name} is no simulation result"),
            };
        }
        catch (SorobanRpcException unreachable)
        {
            return NotBuilt(command, FailureCode.NetworkUnavailable, unreachable.Message, transient: true);
        }
        catch (XdrException damaged)
        {
            // What was signed is kept in the payout's row: a hand in the database must not send the payout round for ever.
            return NotBuilt(command, FailureCode.SimulationFailed, $"the authorization that is kept for it cannot be read: {Shorten(damaged.Message)}", transient: false);
        }
        catch (Exception unwritable) when (unwritable is FormatException or ArgumentException)
        {
            // Such an order never becomes a call, however often it is tried: a human sees it at once.
            return NotBuilt(command, FailureCode.SimulationFailed, $"the order cannot be written as a contract call: {Shorten(unwritable.Message)}", transient: false);
        }
    }

    private BuildOutcome Assemble(BuildPayout command, Transaction draft, SimulationResult.Success simulation, uint fee, DateTimeOffset validUntil, uint maxLedger)
    {
        var limits = new FeeLimits { InclusionFeeMax = options.FeeMaxStroops, ResourceFeeMax = options.FeeMaxStroops, TotalFeeMax = options.FeeMaxStroops };
        return TransactionAssembler.Assemble(draft, simulation, fee, limits) switch
        {
            AssemblyResult.Assembled assembled => Built(command, assembled.Transaction, validUntil, maxLedger),
            AssemblyResult.RestoreRequired required => Archived(command, draft, simulation, required.Preamble, fee, validUntil, maxLedger),
            AssemblyResult.InclusionFeeAboveCap above => AboveCap(command, $"the inclusion fee would be {above.InclusionFee} stroops"),
            AssemblyResult.ResourceFeeAboveCap above => AboveCap(command, $"the resource fee would be {above.SimulatedResourceFee} stroops"),
            AssemblyResult.TotalFeeAboveCap above => AboveCap(command, $"the fee would be {above.TotalFee} stroops"),
            AssemblyResult.UnexpectedAuthorization unexpected => NotBuilt(command, FailureCode.SimulationFailed, unexpected.Reason, transient: false),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no assembly result"),
        };
    }

    /// <summary>A transaction of its own must restore entries first: it is asked for, or it is said why nobody here sends it.</summary>
    private BuildOutcome Archived(
        BuildPayout command, Transaction draft, SimulationResult.Success simulation, RestorePreamble preamble, uint fee, DateTimeOffset validUntil, uint maxLedger)
    {
        if (!options.CanBurn(command.Slot.Channel))
            return NotBuilt(command, FailureCode.EntryArchived,
                "an entry that the call needs is archived, and without PAYOUT_CHANNEL_ACCOUNTS no key here restores it: send the RestoreFootprint transaction of simulateTransaction's restorePreamble from any account, then retry", transient: false);
        var simulated = Math.Max(preamble.MinResourceFee, preamble.TransactionData.ResourceFee);
        if (simulated > options.RestoreFeeMaxStroops)
            return AboveCap(command, $"an entry that the call needs is archived; the resources for restoring it cost {simulated} stroops, and {options.FeeMaxStroops - options.RestoreFeeMaxStroops} are kept for inclusion");
        // What was simulated comes from the same server as any other resource fee, and prices may rise until the ledger applies it.
        var data = preamble.TransactionData with { ResourceFee = Math.Min(simulated + (simulated * RestoreFeeMarginPercent / 100), options.RestoreFeeMaxStroops) };
        if (RestorableFootprint.Problem(data) is { } problem)
            return NotBuilt(command, FailureCode.EntryArchived, $"the network asks for a restoring transaction that nobody here signs: {problem}", transient: false);
        // With execution off nothing is restored, and the simulation has told already what the call needs afterwards.
        return options.LiveExecution
            ? new BuildOutcome.NotBuilt(NotBuilt(command, FailureCode.EntryArchived, $"archived entries that the call needs: {data.Resources.Footprint.ReadWrite.Count}", transient: false).Event with
            {
                RestoreXdr = XdrCodec.ToBase64(data),
                // From the same moment of the ledger's clock as the call's own validity.
                RestoreValidUntil = validUntil - options.Validity + PayoutSteps.BurnValidity,
            })
            : Assemble(command, draft, simulation with { Restore = null }, fee, validUntil, maxLedger);
    }

    private BuildOutcome.Built Built(BuildPayout command, Transaction transaction, DateTimeOffset validUntil, uint maxLedger) => new(new PayoutBuilt
    {
        PayoutId = command.PayoutId,
        Attempt = command.Attempt,
        Slot = command.Slot,
        TransactionHash = transaction.Hash(options.Network).ToString(),
        UnsignedXdr = transaction.ToBase64(),
        FeeStroops = transaction.Fee,
        ValidUntil = validUntil,
        MaxLedger = maxLedger,
    });

    /// <summary>Only the payout contract's own numbers have the meaning that is known here: a token that it calls has others.</summary>
    private BuildOutcome.NotBuilt Refused(BuildPayout command, SimulationResult.Failed failed)
    {
        var raised = ContractErrors.FindRaised(failed.Events) ?? (failed.ContractError is { } told ? new RaisedContractError(options.Contract.Contract, told) : null);
        return raised switch
        {
            null => NotBuilt(command, FailureCode.SimulationFailed, Shorten(failed.Error), transient: false),
            { Contract: { } other } when other != options.Contract.Contract =>
                NotBuilt(command, FailureCode.ContractRefused, $"error #{raised.Code} of {other}, which the contract calls: {Shorten(failed.Error)}", transient: false),
            { Code: PayoutContractError.AlreadyPaid } => NotBuilt(command, FailureCode.AlreadyPaid,
                "the contract says that this debt is paid already; compare its get_payout with the order before deciding", transient: false),
            { Code: PayoutContractError.Paused } => NotBuilt(command, FailureCode.ContractPaused, "the contract is paused", transient: false),
            _ => NotBuilt(command, FailureCode.ContractRefused, $"contract error #{raised.Code}: {Shorten(failed.Error)}", transient: false),
        };
    }

    private BuildOutcome.NotBuilt AboveCap(BuildPayout command, string what) =>
        NotBuilt(command, FailureCode.FeeAboveCap, $"{what}, the cap is {options.FeeMaxStroops} (PAYOUTS_MAX_GAS_STROOPS)", transient: false);

    private static BuildOutcome.NotBuilt NotBuilt(BuildPayout command, FailureCode code, string detail, bool transient) => new(new PayoutFailed
    {
        PayoutId = command.PayoutId,
        Attempt = command.Attempt,
        Stage = PayoutStage.Build,
        Code = code,
        Detail = detail,
        Transient = transient,
        Slot = command.Slot,
    });

    private static string Shorten(string text) => ForeignText.Cut(text, DetailLengthMax);
}
