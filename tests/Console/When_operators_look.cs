using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Payouts.Contracts;
using Payouts.Tests.OperatorConsole.Support;
using Payouts.Tests.Support;

namespace Payouts.Tests.OperatorConsole;

public sealed partial class When_operators_look(PlayedSuite played)
{
    private SuiteOfOperators Suite => played.Suite;

    /// <summary>Each list: its columns have values, its JSON rows are the service's own, and -q prints what names a row.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("rounds list", "rounds", "roundId", "ruth")]
    [InlineData("rounds payouts arena-settled", "payouts", "payoutId", "ruth")]
    [InlineData("rounds entries arena-settled", "entries", "player", "ruth")]
    [InlineData("rounds trail arena-settled", "trail", "hash", "ruth")]
    [InlineData("payouts list", "payouts", "payoutId", "ruth")]
    [InlineData("direct list", "payouts", "reference", "ruth")]
    [InlineData("sign-requests list --state all", "signRequests", "requestId", "ruth")]
    [InlineData("dead-letters list", "deadLetters", "id", "ruth")]
    [InlineData("channels list", "channels", "account", "ruth")]
    public async Task Should_list(string line, string member, string id, string by)
    {
        var rows = (await Suite.JsonAsync(line, by))[member]!.AsArray();
        rows.ShouldNotBeEmpty();
        var ids = rows.Select(row => row![id]!.GetValue<string>()).ToList();

        (await Suite.DoneAsync(line + " -q", by)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(ids);
        var table = (await Suite.DoneAsync(line, by)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        table.Length.ShouldBe(1 + rows.Count);
        table.ShouldAllBe(row => !row.EndsWith(' ') && !row.Contains('\u001b'), "nothing is padded at its end, nothing is coloured that is piped");
        for (var i = 0; i < ids.Count; i++)
            table[1 + i].ShouldContain(ids[i]);
        foreach (var cell in rows.SelectMany(row => row!.AsObject()).Where(cell => cell.Key is "amount" or "owed" or "paid" or "stake"))
            Stroops.TryParse(cell.Value!.GetValue<string>(), out _, out var problem).ShouldBeTrue(problem);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_follow_the_pages_up_to_the_limit()
    {
        var all = (await Suite.DoneAsync("rounds list -q", "ruth")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        all.Length.ShouldBe(4);
        var first = await Suite.RunAsync("rounds list --limit 3", "ruth");
        first.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + 3);
        var after = After().Match(first.Errors).Groups[1].Value;
        after.ShouldNotBeEmpty(first.Errors);
        (await Suite.DoneAsync($"rounds list -q --after {after}", "ruth")).Output.Trim().ShouldBe(all[3]);
        var page = await Suite.JsonAsync("payouts list --limit 2", "ruth");
        var rest = await Suite.JsonAsync($"payouts list --after {page["next"]!.GetValue<string>()}", "ruth");
        rest["next"].ShouldBeNull();
        page["payouts"]!.AsArray().Concat(rest["payouts"]!.AsArray()).Select(x => x!["payoutId"]!.GetValue<string>()).Distinct().Count().ShouldBe((await Suite.JsonAsync("payouts list", "ruth"))["payouts"]!.AsArray().Count);
    }

    /// <summary>The last digits of amounts stand under each other, under the end of their head.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_align_amounts_at_their_right()
    {
        var lines = (await Suite.DoneAsync("rounds list", "ruth")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var end = lines[0].IndexOf("owed", StringComparison.Ordinal) + "owed".Length;
        lines.Skip(1).ShouldAllBe(line => line.Substring(end - 10, 10).TrimStart().EndsWith(".0000000", StringComparison.Ordinal) && line[end] == ' ');
        lines[0].ShouldStartWith("round");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_filter_as_the_services_do()
    {
        (await Suite.DoneAsync("rounds list --state SETTLED --context arena -q", "ruth")).Output.ShouldContain(PlayedSuite.Settled);
        (await Suite.DoneAsync("rounds list --state SETTLED --from 2100-01-01T00:00:00Z", "ruth")).Output.Trim().ShouldBe("none");
        (await Suite.DoneAsync($"payouts list --round {PlayedSuite.Held} --state OnHold -q", "ruth")).Output.Trim().ShouldBe(played.HeldPayout);
        (await Suite.DoneAsync("payouts list --direct -q", "ruth")).Output.ShouldContain(played.DirectPayout);
        (await Suite.DoneAsync("payouts list --reference refund-17 -q", "ruth")).Output.Trim().ShouldBe(played.DirectPayout);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_a_round_and_prove_it()
    {
        var shown = await Suite.DoneAsync($"rounds show {PlayedSuite.Settled}", "ruth");
        shown.Output.ShouldMatch(@"state +SETTLED\n");
        shown.Output.ShouldMatch(@"payouts +2 of 2 confirmed \(Confirmed 2\)\n");
        (await Suite.JsonAsync($"rounds show {PlayedSuite.Settled}", "ruth"))["round"]!["paid"]!.GetValue<string>().ShouldBe("20.0000000");
        (await Suite.DoneAsync($"rounds verify {PlayedSuite.Settled}", "ruth")).Output.ShouldMatch(@"verdict +ok\nrecomputed +yes");
        (await Suite.JsonAsync($"rounds verify {PlayedSuite.Settled}", "ruth"))["holds"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_a_payout_with_its_history()
    {
        var shown = await Suite.DoneAsync($"payouts show {played.PaidPayout}", "ruth");
        foreach (var word in new[] { "AwaitingSignature", "Submitting", "PayoutConfirmed", "10.0000000 XLM" })
            shown.Output.ShouldContain(word);
        (await Suite.JsonAsync($"payouts show {played.PaidPayout}", "ruth"))["history"]!.AsArray().Count.ShouldBeGreaterThan(3);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_a_payout_outside_rounds()
    {
        (await Suite.DoneAsync("direct show refund-17", "ruth")).Output.ShouldMatch(@"reference +refund-17\noutcome +(Pending|Confirmed)\namount +12\.5000000 XLM\n");
        (await Suite.JsonAsync("direct show refund-17", "ruth"))["reason"]!.GetValue<string>().ShouldBe("the table broke down");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_times_where_one_is_and_in_utc()
    {
        (await Suite.DoneAsync($"rounds show {PlayedSuite.Settled}", "ruth")).Output.ShouldMatch(@"opened +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0[12]:00\n");
        (await Suite.DoneAsync($"rounds show {PlayedSuite.Settled} --utc", "ruth")).Output.ShouldMatch(@"opened +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\n");
    }

    /// <summary>A stake that would colour the terminal is a letter; it is shown, and does not.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_show_a_dead_letter_and_let_it_paint_nothing()
    {
        var listed = await Suite.DoneAsync("dead-letters list --service rounds", "ruth");
        listed.Output.ShouldContain("AmountInvalid");
        var shown = await Suite.DoneAsync($"dead-letters show {played.DeadLetter}", "ruth");
        shown.Output.ShouldContain("1.00000001");
        shown.Output.ShouldNotContain("\u001b");
        var json = await Suite.JsonAsync($"dead-letters show {played.DeadLetter} --service rounds", "ruth");
        json["deadLetter"]!["service"]!.GetValue<string>().ShouldBe("rounds");
        json["body"]!.GetValue<string>().ShouldContain("entries");
        (await Suite.RunAsync($"dead-letters show {Guid.Empty}", "ruth")).Code.ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_what_is_to_be_signed_and_no_envelope()
    {
        var shown = await Suite.DoneAsync($"sign-requests show {played.HeldRequest}", "ruth");
        shown.Output.ShouldMatch(@"outside rounds +refund-17, ordered by the game: the table broke down");
        shown.Output.ShouldContain("ApprovalMissing");
        var ids = await Suite.DoneAsync("sign-requests list --state all -q", "ruth");
        foreach (var id in ids.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            (await Suite.DoneAsync($"sign-requests show {id} --json", "ruth")).Output.ShouldNotContain("AAAA", Case.Sensitive, "an envelope in base64 begins so");
        var ofPayout = (await Suite.JsonAsync($"sign-requests list --payout {played.DirectPayout}", "ruth"))["signRequests"]!.AsArray();
        ofPayout.ShouldNotBeEmpty();
        ofPayout.ShouldAllBe(x => x!["payoutId"]!.GetValue<string>() == played.DirectPayout);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_say_whether_the_books_agree()
    {
        // The books are a second reading of the ledger, some seconds behind the round's own word.
        (await Probe.Until("the books have what was paid", _ => Suite.DoneAsync($"reconcile --round {PlayedSuite.Settled}", "ruth"), x => !x.Output.Contains("not everything is paid", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60), cancellationToken: TestContext.Current.CancellationToken)).Output.ShouldStartWith($"round {PlayedSuite.Settled}: AGREES, everything owed is paid or written off\n");
        var day = await Suite.JsonAsync($"reconcile --day {DateTimeOffset.FromUnixTimeSeconds(LatestClose()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", "ruth");
        day["agrees"]!.GetValue<bool>().ShouldBeTrue();
        (await Suite.DoneAsync("reconcile", "ruth")).Output.ShouldMatch(@"verdict +ok\nledger +\d+, \d+ behind the network\n");
        (await Suite.JsonAsync("reconcile --resolved", "ruth"))["findings"]!.AsArray().ShouldBeEmpty();
        (await Suite.RunAsync("reconcile --round nowhere", "ruth")).Code.ShouldBe(1);
    }

    private static long LatestClose() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [GeneratedRegex(@"--after (\S+)")]
    private static partial Regex After();
}
