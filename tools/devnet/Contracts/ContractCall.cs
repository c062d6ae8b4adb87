using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>A contract modelled in C#: same entries, events, errors and authorizations as the deployed one.</summary>
public interface INativeContract
{
    /// <exception cref="HostException">The call fails.</exception>
    SCVal Invoke(ContractCall call);
}

/// <summary>One call of a contract function with its arguments still untyped.</summary>
public sealed class ContractCall(SorobanHost host, SCAddress self, string function, XdrArray<SCVal> args)
{
    public SorobanHost Host => host;

    public SCAddress Self => self;

    public string Function => function;

    public void RequireArguments(int count)
    {
        if (args.Count != count)
        {
            throw new HostException(new SCError.WasmVm(SCErrorCode.SCEC_UNEXPECTED_SIZE), "wrong number of arguments for the called function");
        }
    }

    public Int128 I128(int index) => args[index].I128OrNull() ?? throw Unexpected();

    public uint U32(int index) => args[index].U32OrNull() ?? throw Unexpected();

    public string Symbol(int index) => args[index].SymbolOrNull() ?? throw Unexpected();

    public SCAddress Address(int index) => args[index].AddressOrNull() ?? throw Unexpected();

    public bool Bool(int index) => args[index].BoolOrNull() ?? throw Unexpected();

    public IReadOnlyList<SCAddress> Addresses(int index) => args[index] is SCVal.Vec { Value: { } vec }
        ? [.. vec.Value.Select(item => item.AddressOrNull() ?? throw Unexpected())]
        : throw Unexpected();

    public HostException NoSuchFunction() => new(
        new SCError.WasmVm(SCErrorCode.SCEC_MISSING_VALUE), "trying to invoke non-existent contract function", function.ToSymbol());

    private static HostException Unexpected() => HostException.Trap("UnreachableCodeReached");
}
