using Payouts.Stellar;
using Payouts.Tests.OperatorConsole.Support;

namespace Payouts.Tests.OperatorConsole;

/// <summary>Two signers share the payout source account; both would be needed, and neither is there.</summary>
public sealed class When_a_signer_is_missing
{
    private static readonly string[] Keys = [.. Enumerable.Range(1, 2).Select(x => KeyPair.FromRawSeed([.. Enumerable.Repeat((byte)x, 32)]).AccountId.ToString())];

    [Fact(Timeout = 240_000)]
    public async Task Should_name_who_has_not_answered()
    {
        await using var suite = await SuiteOfOperators.StartAsync(channels: 2, new Dictionary<string, string?> { ["PAYOUT_SOURCE_SIGNERS"] = $"{Keys[0]}=1,{Keys[1]}=1", ["PAYOUT_SOURCE_THRESHOLD"] = "2" });
        await suite.PlayAsync("arena-alone", 1, 0);
        var request = await suite.RowAsync("sign-requests?state=waiting", _ => true);
        var payout = request["payoutId"]!.GetValue<string>();

        var why = await suite.DoneAsync($"payouts why {payout}", "ruth");

        why.Output.ShouldContain($"weight 0 of 2: {Keys[0]} has not answered, {Keys[1]} has not answered");
        why.Output.ShouldContain("ask those who have not signed");
        why.Output.ShouldContain("no envelope of it was handed to the network");
        (await suite.DoneAsync("sign-requests list", "ruth")).Output.ShouldContain("0 of 2");
        var shown = await suite.DoneAsync($"sign-requests show {request["requestId"]!.GetValue<string>()}", "ruth");
        foreach (var key in Keys)
            shown.Output.ShouldContain(key);
        var json = (await suite.DoneAsync($"sign-requests show {request["requestId"]!.GetValue<string>()} --json", "ruth")).Output;
        json.ShouldContain("\"unsignedXdr\":\"(not shown)\"");
        json.ShouldNotContain(request["request"]!["unsignedXdr"]!.GetValue<string>());
    }
}
