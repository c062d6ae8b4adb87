using Payouts.Tests.OperatorConsole.Support;

namespace Payouts.Tests.OperatorConsole;

/// <summary>One channel, taken by what the policy holds, and one person who decides alone: what comes after waits in Building and can be stopped.</summary>
public sealed class When_there_is_one_channel
{
    [Fact(Timeout = 240_000)]
    public async Task Should_hold_release_and_cancel_what_nobody_could_sign_yet()
    {
        await using var suite = await SuiteOfOperators.StartAsync(channels: 1);
        await suite.DoneAsync(Order(1));
        await suite.RowAsync("sign-requests?state=held", _ => true);
        await suite.DoneAsync(Order(2));
        var payout = (await suite.RowAsync("payouts?reference=prize-2", _ => true))["payoutId"]!.GetValue<string>();

        (await suite.DoneAsync($"payouts why {payout}", "ruth")).Output.ShouldMatch(@"state +Building\nsince .* ago\nwaits for +a channel account\n");
        (await suite.DoneAsync("channels list", "ruth")).Output.ShouldMatch(@"G[A-Z2-7]{55} +(Full|Resting) +1 ");
        (await suite.DoneAsync($"payouts hold {payout} --reason \"a duplicate ticket\"")).Output.ShouldContain("Hold of payout " + payout + ": Applied, Building -> OnHold");
        var why = await suite.DoneAsync($"payouts why {payout}", "ruth");
        why.Output.ShouldMatch(@"waits for +a human: Operator at Build");
        why.Output.ShouldContain($"payouts-console payouts release {payout} --reason");
        (await suite.DoneAsync($"payouts release {payout} --reason checked")).Output.ShouldContain("Release of payout " + payout + ": Applied, OnHold -> Building");
        var shown = await suite.DoneAsync($"payouts cancel {payout} --reason \"the account is lost\" --yes");
        shown.Output.ShouldContain("Building -> Cancelled");
        (await suite.RunAsync($"payouts write-off {payout} --reason late --yes")).Errors.ShouldContain("a payout in Cancelled is not written off");
        (await suite.DoneAsync($"payouts show {payout}", "ruth")).Output.ShouldContain("a duplicate ticket");
    }

    private static string Order(int number) =>
        $"direct order --reference prize-{number} --context prizes --pool 3 --number {number} --winner {SuiteOfOperators.Player(number)} --amount 1 --currency XLM --reason prize --yes";
}
