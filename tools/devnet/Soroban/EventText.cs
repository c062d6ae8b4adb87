using System.Globalization;
using Payouts.Devnet.Contracts;
using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Diagnostic events in the words of the host's event log.</summary>
public static class EventText
{
    public static string Of(ContractEvent contractEvent)
    {
        var body = ((ContractEventBody.V0)contractEvent.Body).Value;
        var contract = contractEvent.ContractID is { } id ? $"contract:{id.Address().Text()}, " : "";
        return $"{contract}topics:[{string.Join(", ", body.Topics.Select(Of))}], data:{Of(body.Data)}";
    }

    private static string Of(SCVal value) => value switch
    {
        SCVal.Symbol symbol => symbol.Value.Value.ToString(),
        SCVal.String text => $"\"{text.Value.Value}\"",
        SCVal.Error error => HostErrors.Text(error.Value),
        SCVal.Address address => address.Value.Text(),
        SCVal.U32 number => number.Value.ToString(CultureInfo.InvariantCulture),
        SCVal.I128 => value.I128OrNull()!.Value.ToString(CultureInfo.InvariantCulture),
        SCVal.Vec { Value: { } vec } => $"[{string.Join(", ", vec.Value.Select(Of))}]",
        SCVal.Bytes bytes => $"Bytes({bytes.Value.Value})",
        SCVal.Bool flag => flag.Value ? "true" : "false",
        SCVal.Void => "Void",
        _ => value.Discriminant.ToString(),
    };
}
