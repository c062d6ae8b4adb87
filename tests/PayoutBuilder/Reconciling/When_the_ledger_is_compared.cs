using Payouts.Builder.Reconciling;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Reconciling;

/// <summary>Every finding, made real on the ledger or in the tables behind the services' back.</summary>
public sealed class When_the_ledger_is_compared(Servers servers)
{
    private static readonly Stroops Five = Stroops.Parse("5");

    public static TheoryData<string> Databases => [BuilderStore.Sqlite, BuilderStore.Postgres];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_agree_with_a_clean_round_and_day(string database)
    {
        await using var books = await OpenBooks.OpenAsync(servers, database);
        foreach (var winner in new[] { "one", "two" })
            await books.ConfirmAsync(await books.OweAsync(winner, "AwaitingConfirmation"), await books.PayAsync(winner));
        foreach (var state in new[] { "OnHold", "Failed", "Cancelled", "WrittenOff", "Building", "Submitting", "Built" })
            await books.OweAsync($"one in {state}", state);

        await books.BalanceAsync();

        (await books.FindingsAsync()).ShouldBeEmpty();
        var expected = new CurrencyLine
        {
            Currency = "XLM", Owed = Stroops.Parse("45"), Paid = Stroops.Parse("10"), OnHold = Five, Failed = Five, Cancelled = Five, WrittenOff = Five, Open = Stroops.Parse("15"),
        };
        foreach (var report in new[] { await books.RoundAsync(), await books.TodayAsync() })
        {
            report.Currencies.ShouldBe([expected], report.Subject);
            (report.Agrees, report.Settled, report.Payouts, report.LagLedgers).ShouldBe((true, false, 9, 0u));
            expected.Difference.ShouldBe(Stroops.Zero);
        }

        books.Log.Critical.ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_find_a_debt_that_was_paid_twice(string database)
    {
        await using var books = await OpenBooks.OpenAsync(servers, database);
        await books.ConfirmAsync(await books.OweAsync("one", "Submitting"), await books.PayAsync("one"));
        await books.BalanceAsync();
        (await books.RoundAsync()).Settled.ShouldBeTrue();

        // An upgrade of the contract lost its storage.
        books.Network.Ledger.ForgetPayout("GAME", OpenBooks.Pool, 1, Sample.Account("one"));
        await books.PayAsync("one");

        await ShouldFindAsync(books, FindingKind.PaidTwice, paid: "10", difference: "-5");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_find_another_amount()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        await books.ConfirmAsync(await books.OweAsync("one", "Submitting"), await books.PayAsync("one", stroops: 50_000_001));

        await ShouldFindAsync(books, FindingKind.AmountDiffers, paid: "5.0000001", difference: "-0.0000001");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_find_another_currency()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        var owed = await books.OweAsync("one", "Submitting");
        await books.TrustAsync("one");
        await books.ConfirmAsync(owed, await books.PayAsync("one", currency: "USDC"));

        await books.BalanceAsync();

        (await books.KindsAsync()).ShouldBe([FindingKind.CurrencyDiffers]);
        (await books.RoundAsync()).Currencies.Select(x => (x.Currency, x.Owed, x.Paid, x.Difference)).ShouldBe(
            [("USDC", Stroops.Zero, Five, Stroops.Zero - Five), ("XLM", Five, Stroops.Zero, Five)]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_find_a_record_without_a_transfer()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        var owed = await books.OweAsync("one", "OnHold", currency: "GOLD");
        await books.PayAsync("one", currency: "GOLD");

        await books.BalanceAsync();

        (await books.KindsAsync()).ShouldBe([FindingKind.PayoutWithoutTransfer]);
        (await books.RoundAsync()).Currencies.ShouldBe([new CurrencyLine { Currency = "GOLD", Owed = owed.Amount, OnHold = owed.Amount }], "a record pays nobody");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_find_payments_that_nobody_planned_until_somebody_does()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        var paid = await books.PayAsync("one");
        await books.BalanceAsync();
        (await books.KindsAsync()).ShouldBe([FindingKind.PaidUnplanned]);
        var day = await books.TodayAsync();
        (day.Currencies[0].Owed, day.Currencies[0].Paid, day.Agrees).ShouldBe((Stroops.Zero, Five, false));

        // The round that owes it is announced later, and the evidence confirms it.
        await books.ConfirmAsync(await books.OweAsync("one", "OnHold"), paid);
        await books.BalanceAsync();

        (await books.FindingsAsync()).ShouldBeEmpty();
        (await books.RoundAsync()).Settled.ShouldBeTrue();
        (await books.TodayAsync()).Settled.ShouldBeTrue();
        books.Log.Critical.Count.ShouldBe(1);
    }

    /// <summary>Another method of the contract pays two players and sends what is left over to its treasury account.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_find_money_that_moved_without_a_payout()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        foreach (var player in new[] { "one", "two", "house" })
            books.Network.Ledger.Grant(Sample.Key(player).AccountId, 1_000_000_000);
        await books.CallAsync(InvokeHostFunctionOperation.ContractCall(books.Options.Contract.Contract, "set_treasury", [ScVal.Address(Sample.Key("house").AccountId)]));
        await books.CallAsync(InvokeHostFunctionOperation.ContractCall(books.Options.Contract.Contract, "distribute_prize",
        [
            ScVal.U32(1), ScVal.I128(100_000_001), ScVal.Vec(ScVal.Address(Sample.Key("one").AccountId), ScVal.Address(Sample.Key("two").AccountId)), ScVal.Address(books.Options.Tokens["XLM"]),
        ]));

        await books.BalanceAsync();

        var found = await books.FindingsAsync();
        found.Select(x => (x.Kind, x.Paid)).ShouldBe([(FindingKind.PaidUnplanned, Five), (FindingKind.PaidUnplanned, Five), (FindingKind.TransferWithoutPayout, new Stroops(1))]);
        found[0].Detail.ShouldContain("calls another method than distribute_winnings");
        (await books.TodayAsync()).Currencies.Single().Paid.ShouldBe(new Stroops(100_000_001), "all that left the treasury, to the last stroop");
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_find_a_payout_that_a_human_set_to_confirmed(string database)
    {
        await using var books = await OpenBooks.OpenAsync(servers, database);
        await books.OweAsync("one", "OnHold");
        await books.BalanceAsync();
        (await books.FindingsAsync()).ShouldBeEmpty();

        await books.Store.SqlAsync("update payouts set current_state = 'Confirmed'");

        await ShouldFindAsync(books, FindingKind.ConfirmedNotOnLedger, paid: "0", difference: "5");
        await books.Store.SqlAsync($"update payouts set ledger = {books.Network.Ledger.LatestLedger}, transaction_hash = '{new string('a', 64)}'");
        await ShouldFindAsync(books, FindingKind.ConfirmedNotOnLedger, paid: "0", difference: "5");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_wait_for_the_ledger_of_a_confirmation_that_is_not_taken_in_yet()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        await books.BalanceAsync();
        var owed = await books.OweAsync("one", "Submitting");
        await books.ConfirmAsync(owed, await books.PayAsync("one"));

        (await books.RoundAsync()).Currencies.Single().Open.ShouldBe(Five);

        await books.BalanceAsync();
        (await books.RoundAsync()).Settled.ShouldBeTrue();
        books.Log.Critical.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_find_a_payment_that_the_services_do_not_see_after_its_bound()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        await books.OweAsync("one", "AwaitingConfirmation");
        var paid = await books.PayAsync("one");
        books.Store.Clock.SetUtcNow(paid.CreatedAt + books.Options.UnconfirmedMax);
        await books.BalanceAsync();
        (await books.FindingsAsync()).ShouldBeEmpty("the bound itself is allowed");

        books.Store.Clock.Advance(TimeSpan.FromTicks(10));

        await ShouldFindAsync(books, FindingKind.PaidButNotConfirmed, paid: "5", difference: "0");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("Cancelled", FindingKind.PaidAfterCancelled)]
    [InlineData("WrittenOff", FindingKind.PaidAfterWrittenOff)]
    [InlineData("Failed", FindingKind.PaidButNotConfirmed)]
    public async Task Should_find_what_was_paid_after_its_end(string state, FindingKind kind)
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        await books.OweAsync("one", state);
        await books.BalanceAsync();
        (await books.RoundAsync()).Agrees.ShouldBeTrue();

        await books.PayAsync("one");

        await ShouldFindAsync(books, kind, paid: "5", difference: "0");
    }

    private static async Task ShouldFindAsync(OpenBooks books, FindingKind kind, string paid, string difference)
    {
        await books.BalanceAsync();
        await books.BalanceAsync();
        (await books.KindsAsync()).ShouldBe([kind]);
        foreach (var report in new[] { await books.RoundAsync(), await books.TodayAsync() })
        {
            report.Findings.Select(x => x.Kind).ShouldBe([kind], report.Subject);
            (report.Currencies.Single().Paid, report.Currencies.Single().Difference).ShouldBe((Stroops.Parse(paid), Stroops.Parse(difference)), report.Subject);
            report.Agrees.ShouldBeFalse();
        }

        books.Log.Critical.Count.ShouldBe(1, "told once, however often it is seen");
        books.Log.Critical[0].ShouldContain($"reconciliation: {kind}: ");
    }
}
