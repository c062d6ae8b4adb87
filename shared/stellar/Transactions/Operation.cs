using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>One operation of a transaction. Amounts are in stroops (10 million to one unit).</summary>
public abstract record Operation
{
    private protected Operation()
    {
    }

    /// <summary>The account that acts; null: the transaction's source.</summary>
    public AccountId? Source { get; init; }

    public Xdr.Operation ToXdr() => new(Source?.ToMuxedAccount(), Body());

    private protected abstract OperationBody Body();
}

/// <summary>Calls a contract, or changes contract code: the one operation of a Soroban transaction.</summary>
/// <param name="Function">What the host runs.</param>
public sealed record InvokeHostFunctionOperation(HostFunction Function) : Operation
{
    /// <summary>Who authorizes the call. Empty: simulation fills it in.</summary>
    public XdrArray<SorobanAuthorizationEntry> Authorizations { get; init; } = [];

    /// <exception cref="ScValException"><paramref name="method"/> is not a symbol.</exception>
    public static InvokeHostFunctionOperation ContractCall(ContractId contract, string method, params IEnumerable<SCVal> arguments)
    {
        var name = ((SCVal.Symbol)ScVal.Symbol(method)).Value;
        return new InvokeHostFunctionOperation(
            new HostFunction.InvokeContract(new InvokeContractArgs(contract.ToScAddress(), name, arguments.ToXdrArray())));
    }

    private protected override OperationBody Body() => new OperationBody.InvokeHostFunction(new InvokeHostFunctionOp(Function, Authorizations));
}

public sealed record CreateAccountOperation(AccountId Destination, long StartingBalance) : Operation
{
    private protected override OperationBody Body() => new OperationBody.CreateAccount(new CreateAccountOp(Destination.ToXdr(), StartingBalance));
}

public sealed record PaymentOperation(AccountId Destination, Asset Asset, long Amount) : Operation
{
    private protected override OperationBody Body() =>
        new OperationBody.Payment(new PaymentOp(Destination.ToMuxedAccount(), Asset.ToXdr(), Amount));
}

/// <summary>Removes the source account from the ledger; its whole native balance goes to <paramref name="Destination"/>.</summary>
public sealed record AccountMergeOperation(AccountId Destination) : Operation
{
    private protected override OperationBody Body() => new OperationBody.AccountMerge(Destination.ToMuxedAccount());
}

/// <summary>Moves the source's sequence number up to <paramref name="BumpTo"/>; below the present one it does nothing, which burns a slot cheaply.</summary>
public sealed record BumpSequenceOperation(long BumpTo) : Operation
{
    private protected override OperationBody Body() => new OperationBody.BumpSequence(new BumpSequenceOp(BumpTo));
}

/// <summary>Changes an account's settings; what is null stays.</summary>
public sealed record SetOptionsOperation : Operation
{
    public uint? ClearFlags { get; init; }

    public uint? SetFlags { get; init; }

    public uint? MasterWeight { get; init; }

    public uint? LowThreshold { get; init; }

    public uint? MediumThreshold { get; init; }

    public uint? HighThreshold { get; init; }

    public string? HomeDomain { get; init; }

    /// <summary>A signer to add or change; weight 0 removes it.</summary>
    public (AccountId Key, uint Weight)? Signer { get; init; }

    private protected override OperationBody Body() => new OperationBody.SetOptions(new SetOptionsOp(
        InflationDest: null,
        ClearFlags,
        SetFlags,
        MasterWeight,
        LowThreshold,
        MediumThreshold,
        HighThreshold,
        HomeDomain is null ? null : new String32(HomeDomain),
        Signer is { } signer ? new Signer(new SignerKey.Ed25519(new Uint256(new XdrBytes(signer.Key.PublicKey))), signer.Weight) : null));
}

/// <summary>Opens, changes or (limit 0) closes a trustline.</summary>
public sealed record ChangeTrustOperation(Asset Asset, long Limit = long.MaxValue) : Operation
{
    private protected override OperationBody Body() => new OperationBody.ChangeTrust(new ChangeTrustOp(Asset.ToChangeTrustXdr(), Limit));
}

/// <summary>Keeps the read-only footprint alive for at least <paramref name="ExtendTo"/> ledgers from now.</summary>
public sealed record ExtendFootprintTtlOperation(uint ExtendTo) : Operation
{
    private protected override OperationBody Body() =>
        new OperationBody.ExtendFootprintTtl(new ExtendFootprintTTLOp(new ExtensionPoint.V0(), ExtendTo));
}

/// <summary>Restores the archived entries of the read-write footprint.</summary>
public sealed record RestoreFootprintOperation : Operation
{
    private protected override OperationBody Body() => new OperationBody.RestoreFootprint(new RestoreFootprintOp(new ExtensionPoint.V0()));
}
