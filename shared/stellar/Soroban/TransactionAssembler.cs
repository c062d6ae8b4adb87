using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// Puts what a simulation found (footprint, resources, authorizations, resource fee) into the transaction that was simulated, within the fee
/// limits. The simulation comes from a server that is not trusted with money: it can neither raise the fee beyond the limits nor slip in an
/// authorization of anything but the call itself.
/// </summary>
public static class TransactionAssembler
{
    /// <param name="transaction">Unsigned, with one InvokeHostFunction operation. What it says besides fee, footprint and authorizations stays.</param>
    /// <param name="inclusionFee">The bid for a place in a ledger, in stroops; at least 100, the network's minimum.</param>
    /// <exception cref="ArgumentException">The transaction is signed or no single call, or a fee is below what any network takes.</exception>
    public static AssemblyResult Assemble(Transaction transaction, SimulationResult.Success simulation, long inclusionFee, FeeLimits limits)
    {
        var operation = RequireCall(transaction);
        if (simulation.Restore is { } restore)
        {
            return new AssemblyResult.RestoreRequired(restore);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(inclusionFee, TransactionBuilder.InclusionFeeMin);
        ArgumentOutOfRangeException.ThrowIfNegative(simulation.MinResourceFee);
        if (inclusionFee > limits.InclusionFeeMax)
        {
            return new AssemblyResult.InclusionFeeAboveCap(inclusionFee, limits.InclusionFeeMax);
        }

        if (simulation.MinResourceFee > limits.ResourceFeeMax)
        {
            return new AssemblyResult.ResourceFeeAboveCap(simulation.MinResourceFee, limits.ResourceFeeMax);
        }

        var resourceFee = ResourceFee(simulation.MinResourceFee, limits);
        // A transaction's fee field holds 32 bits, whatever the cap allows.
        var totalFeeMax = Math.Min(limits.TotalFeeMax, uint.MaxValue);
        var totalFee = (Int128)inclusionFee + resourceFee;
        if (totalFee > totalFeeMax)
        {
            return new AssemblyResult.TotalFeeAboveCap(long.CreateSaturating(totalFee), totalFeeMax);
        }

        // Entries that the call carries already were signed elsewhere: they are kept as they are.
        var authorizations = operation.Auth.Count > 0 ? operation.Auth : simulation.Authorizations;
        if (operation.Auth.Count == 0 && UnexpectedReason(operation, authorizations) is { } reason)
        {
            return new AssemblyResult.UnexpectedAuthorization(authorizations, reason);
        }

        var data = simulation.TransactionData with { ResourceFee = resourceFee };
        return new AssemblyResult.Assembled(
            With(transaction, operation with { Auth = authorizations }, data, (uint)totalFee),
            inclusionFee,
            resourceFee,
            data.Ext is SorobanTransactionDataExt.V1 restored ? restored.Value.ArchivedSorobanEntries : []);
    }

    // Simulated plus the margin, at most twice the simulated and at most the cap.
    private static long ResourceFee(long simulated, FeeLimits limits)
    {
        var percent = Math.Clamp(limits.ResourceFeeMarginPercent, 0, 100);
        var withMargin = (Int128)simulated + (((Int128)simulated * percent) + 99) / 100;
        return (long)Int128.Min(withMargin, limits.ResourceFeeMax);
    }

    private static string? UnexpectedReason(InvokeHostFunctionOp operation, XdrArray<SorobanAuthorizationEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Credentials is not SorobanCredentials.SourceAccount)
            {
                return $"the call needs {entry.Credentials.Discriminant}: somebody else than the operation's source must authorize it";
            }

            var isTheCall = operation.HostFunction is HostFunction.InvokeContract { Value: var call }
                && entry.RootInvocation.Function is SorobanAuthorizedFunction.ContractFn { Value: var authorized }
                && authorized == call;
            if (!isTheCall)
            {
                return "the simulation authorizes another call than the one that was asked for";
            }
        }

        return entries.Count > 1 ? $"the simulation authorizes the call {entries.Count} times" : null;
    }

    private static InvokeHostFunctionOp RequireCall(Transaction transaction) =>
        transaction is { Signatures.Count: 0, Body.Operations: { Count: 1 } operations } && operations[0].Body is OperationBody.InvokeHostFunction { Value: var call }
            ? call
            : throw new ArgumentException("Only an unsigned transaction with one InvokeHostFunction operation can be assembled.", nameof(transaction));

    private static Transaction With(Transaction transaction, InvokeHostFunctionOp operation, SorobanTransactionData data, uint fee) =>
        new(new TransactionV1Envelope(
            transaction.Body with
            {
                Fee = fee,
                Operations = [transaction.Body.Operations[0] with { Body = new OperationBody.InvokeHostFunction(operation) }],
                Ext = new TransactionExt.V1(data),
            },
            Signatures: []));
}
