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

    /// <summary>An account or a contract; the other kinds of address are no contract Address.</summary>
    public SCAddress Address(int index) => Plain(args[index]);

    /// <summary>An address that may carry a muxed id beside the account.</summary>
    public SCAddress MuxedAddress(int index) => args[index].AddressOrNull() is SCAddress.MuxedAccount muxed ? muxed : Plain(args[index]);

    public bool Bool(int index) => args[index].BoolOrNull() ?? throw Unexpected();

    public IReadOnlyList<SCAddress> Addresses(int index) => args[index] is SCVal.Vec { Value: { } vec }
        ? [.. vec.Value.Select(item => Plain(item))]
        : throw Unexpected();

    /// <summary>Vec of (Address, i128): who gets how much.</summary>
    public IReadOnlyList<(SCAddress To, Int128 Amount)> Payments(int index) => args[index] is SCVal.Vec { Value: { } vec }
        ? [.. vec.Value.Select(PaymentOf)]
        : throw Unexpected();

    public HostException NoSuchFunction() => new(
        new SCError.WasmVm(SCErrorCode.SCEC_MISSING_VALUE), "trying to invoke non-existent contract function", function.ToSymbol());

    private static SCAddress Plain(SCVal value) =>
        value.AddressOrNull() is { } address and (SCAddress.Account or SCAddress.Contract) ? address : throw Unexpected();

    private static (SCAddress To, Int128 Amount) PaymentOf(SCVal item) =>
        item is SCVal.Vec { Value.Value: { Count: 2 } pair } && pair[1].I128OrNull() is { } amount ? (Plain(pair[0]), amount) : throw Unexpected();

    private static HostException Unexpected() => HostException.Trap("UnreachableCodeReached");
}
