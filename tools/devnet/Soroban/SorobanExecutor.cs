using System.Security.Cryptography;
using Payouts.Devnet.Contracts;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Operations;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Applies the three Soroban operations with what the transaction declared, and not one byte more.</summary>
public sealed class SorobanExecutor(ContractRegistry contracts, EventFactory events, AddressCredentials credentials, bool traces)
{
    public SorobanOutcome Apply(OperationContext context, long refundableLimit) => context.Operation.Body switch
    {
        OperationBody.InvokeHostFunction { Value: { HostFunction: HostFunction.InvokeContract call } op } => Invoke(context, call.Value, op, refundableLimit),
        OperationBody.RestoreFootprint => FootprintOperations.Restore(context, refundableLimit),
        OperationBody.ExtendFootprintTtl extend => FootprintOperations.Extend(context, extend.Value.ExtendTo, refundableLimit),
        _ => new SorobanOutcome(new OperationResult.OpNotSupported()),
    };

    private SorobanOutcome Invoke(OperationContext context, InvokeContractArgs call, InvokeHostFunctionOp operation, long refundableLimit)
    {
        var resources = context.Frame.SorobanData!.Resources;
        var footprint = DeclaredFootprint.Load(context);
        if (footprint.Failure is { } failure)
        {
            return Failed(null, failure, footprint.Reason!);
        }

        var budget = new Budget(resources.Instructions);
        var storage = new HostStorage(context.Ledger, context.Info, budget, footprint.Access);
        var host = new SorobanHost(storage, budget, new EnforcingAuthorizer(operation.Auth, context.Source.Address(), credentials), contracts, events, traces);
        SCVal returned;
        try
        {
            returned = host.InvokeRoot(call);
        }
        catch (HostException error)
        {
            if (!host.Diagnostics.Explains)
            {
                host.Diagnostics.Explain(null, error.Error, error.Message, error.Arguments);
            }

            return new SorobanOutcome(ResultArms.Tr(new OperationResultTr.InvokeHostFunction(
                budget.IsExceeded ? new InvokeHostFunctionResult.ResourceLimitExceeded() : new InvokeHostFunctionResult.Trapped())))
            { Diagnostics = host.Diagnostics.Failed() };
        }

        return Settle(context, host, returned, footprint, refundableLimit);
    }

    private static SorobanOutcome Settle(OperationContext context, SorobanHost host, SCVal returned, DeclaredFootprint footprint, long refundableLimit)
    {
        var resources = context.Frame.SorobanData!.Resources;
        var written = footprint.WrittenBytes(context.Ledger);
        if (written > resources.WriteBytes)
        {
            return Failed(host, new InvokeHostFunctionResult.ResourceLimitExceeded(), "operation byte-write resources exceeds amount specified");
        }

        var eventsBytes = host.Events.Sum(one => XdrCodec.ToBytes(one).Length) + XdrCodec.ToBytes(returned).Length;
        if (eventsBytes > NetworkLimits.TxEventsBytesMax)
        {
            return Failed(host, new InvokeHostFunctionResult.ResourceLimitExceeded(), "total events size exceeds network config maximum");
        }

        var eventsFee = ResourceFees.EventsFee(eventsBytes);
        var rentFee = RentChanges.Fee(context.Ledger, context.Info.Sequence);
        if (eventsFee + rentFee > refundableLimit)
        {
            return Failed(host, new InvokeHostFunctionResult.InsufficientRefundableFee(), "refundable resource fee was not sufficient to cover rent and events");
        }

        var preimage = new InvokeHostFunctionSuccessPreImage(returned, host.Events.ToXdrArray());
        var hash = new Hash(new XdrBytes(SHA256.HashData(XdrCodec.ToBytes(preimage))));
        return new SorobanOutcome(ResultArms.Tr(new OperationResultTr.InvokeHostFunction(new InvokeHostFunctionResult.Success(hash))))
        {
            ReturnValue = returned,
            Events = host.Events,
            Diagnostics = host.Diagnostics.Succeeded(),
            EventsFee = eventsFee,
            RentFee = rentFee,
        };
    }

    /// <summary>Refused by stellar-core itself, before or after the host ran.</summary>
    private static SorobanOutcome Failed(SorobanHost? host, InvokeHostFunctionResult result, string reason) =>
        new(ResultArms.Tr(new OperationResultTr.InvokeHostFunction(result))) { Diagnostics = [.. host?.Diagnostics.Failed() ?? [], CoreDiagnostics.Error(result, reason)] };
}
