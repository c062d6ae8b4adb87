using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Why;

/// <summary>Whose signatures a sign request has and lacks. Pure.</summary>
internal static class Signing
{
    /// <summary>1 of 2, by weight; nothing where one key signs.</summary>
    public static string Weight(JsonNode? request) => request.At("gathered") is null ? "" : $"{request.Text("gathered.weight")} of {request.Text("gathered.threshold")}";

    /// <summary>What a request waits for, in words; null: for nothing any more.</summary>
    public static string? WaitsFor(JsonNode request, Clock clock) => request.Text("state") switch
    {
        "Waiting" when clock.IsOver(request.Text("deadline")) => "nothing: its time is over, and the payout is built and asked for anew",
        "Waiting" when request.At("gathered") is not null => $"weight {Weight(request)}: {string.Join(", ", Missing(request))}",
        "Waiting" => request.List("request.signers") is { Count: > 0 } signers ? $"the signature of {string.Join(" or ", signers.Select(x => Plain.Line(x.ToString())))}" : "the external signer",
        "Held" => $"people or time, by the signing policy: {(request.Text("reason") is { Length: > 0 } reason ? reason : request.Text("decision"))}",
        "AwaitingOrder" => "the order from rounds, which payout-signer has not heard of",
        _ => null,
    };

    private static IEnumerable<string> Missing(JsonNode request) => request.List("gathered.keys").Where(x => x.At("signedAt") is null)
        .Select(x => x.Text("rejection") is { Length: > 0 } why ? $"{x.Text("publicKey")} refuses: {why}" : $"{x.Text("publicKey")} has not answered");
}
