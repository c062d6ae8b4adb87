using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Reconciling;

/// <summary>The reading itself: restarts, replicas, ledgers that are forgotten, and thousands of payments.</summary>
public sealed class When_the_books_are_kept(Servers servers)
{
    private const int Payments = 10_000;

    /// <summary>A page of debts and a page of their payments' events, and the page before that the collector has not seen go.</summary>
    private const int HeldMax = 2 * (1000 + 2000);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Databases => [BuilderStore.Sqlite, BuilderStore.Postgres];

    [Theory(Timeout = 240_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_prove_ten_thousand_payments_page_by_page_through_restarts(string database)
    {
        await using var books = await OpenBooks.OpenAsync(servers, database);
        var ledger = new PaidLedger(books.Options, Payments) { BreaksAtPage = 7 };
        foreach (var chunk in ledger.Debts().Chunk(1000))
            await books.Store.AddAsync(chunk);

        // Each page by a reader that has just been started; one breaks off.
        var broken = 0;
        for (var more = true; more;)
        {
            try
            {
                more = await books.Reader(ledger).TakeInPageAsync(Cancelled);
            }
            catch (SorobanRpcException)
            {
                broken++;
            }
        }

        await books.BalanceSweepAsync();
        var held = new HeldRows(books.Store.Contexts);
        var reports = new ReportBuilder(held, books.Books, held.Clock);
        var report = (await reports.RoundAsync("round-1", Cancelled)).ShouldNotBeNull();
        var day = await reports.DayAsync(new DateOnly(2026, 7, 1), Cancelled);

        broken.ShouldBe(1);
        (await books.Store.ReadAsync((db, token) => db.Set<LedgerMovement>().CountAsync(token))).ShouldBe(2 * Payments);
        var owed = Enumerable.Range(0, Payments).Aggregate(Stroops.Zero, (sum, number) => sum + PaidLedger.Amount(number));
        foreach (var proof in new[] { report, day })
        {
            proof.Currencies.ShouldBe([new CurrencyLine { Currency = "XLM", Owed = owed, Paid = owed }], proof.Subject);
            (proof.Payouts, proof.Settled).ShouldBe((Payments, true));
        }

        books.Log.All.ShouldBeEmpty();
        held.Read.ShouldBeGreaterThan(3 * Payments);
        held.HeldMax.ShouldBeLessThanOrEqualTo(HeldMax);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_taken_in_once_by_two_replicas()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Postgres);
        await books.BalanceAsync();
        for (var round = 1u; round <= 5; round++)
            await books.PayAsync("one", round);

        var readers = Enumerable.Range(0, 4).Select(_ => books.Reader()).ToList();
        await Task.WhenAll(readers.Select(async reader =>
        {
            try
            {
                while (await reader.TakeInPageAsync(Cancelled))
                {
                    // There is more.
                }
            }
            catch (DbUpdateException)
            {
                // Another one was first: the loop would read on from there.
            }
        }));

        await books.BalanceAsync();
        (await books.Store.ReadAsync((db, token) => db.Set<LedgerMovement>().CountAsync(token))).ShouldBe(10);
        (await books.KindsAsync()).ShouldBe(Enumerable.Repeat(FindingKind.PaidUnplanned, 5));
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_tell_the_ledgers_that_the_network_forgot_and_go_on_behind_them(string database)
    {
        await using var books = await OpenBooks.OpenAsync(servers, database, retentionLedgers: 10);
        await books.BalanceAsync();
        var through = books.Network.Ledger.LatestLedger;
        var lost = await books.OweAsync("lost", "Submitting");
        await books.ConfirmAsync(lost, await books.PayAsync("lost"));
        books.Network.Close(20);
        var kept = await books.OweAsync("kept", "Submitting", round: 2);
        await books.ConfirmAsync(kept, await books.PayAsync("kept", round: 2));

        // One endpoint may remember less than another: it is asked again before that is believed.
        for (var refusals = 0; refusals < 2; refusals++)
            await Should.ThrowAsync<SorobanRpcException>(() => books.BalanceAsync());
        (await books.FindingsAsync()).ShouldBeEmpty();
        await books.BalanceAsync();

        var gap = (await books.Store.ReadAsync((db, token) => Coverage.ReadAsync(db, token))).Gaps.Single();
        (gap.FromLedger, gap.ToLedger).ShouldBe((through + 1, books.Network.Ledger.LatestLedger - 10));
        (await books.FindingsAsync()).Select(x => (x.Kind, x.Subject)).ShouldBe(
            [(FindingKind.LedgerGap, $"ledgers {gap.FromLedger} to {gap.ToLedger}"), (FindingKind.LedgerGap, lost.CorrelationId.ToString())], ignoreOrder: true);
        (await books.RoundAsync()).Currencies.Single().Difference.ShouldBe(lost.Amount, "nothing is proven about it");
        (await books.RoundAsync(2)).Settled.ShouldBeTrue("the reading goes on behind the gap");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_say_which_ledgers_are_older_than_the_books()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite, retentionLedgers: 10);
        var old = await books.OweAsync("old", "Submitting");
        var paid = await books.PayAsync("old");
        await books.ConfirmAsync(old, paid);
        books.Network.Close(20);

        await books.BalanceAsync();

        var gap = (await books.Store.ReadAsync((db, token) => Coverage.ReadAsync(db, token))).Gaps.Single();
        gap.FromLedger.ShouldBe(paid.Ledger);
        (await books.KindsAsync()).ShouldBe([FindingKind.LedgerGap, FindingKind.LedgerGap]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_not_take_a_node_that_lags_for_one_that_forgot()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        books.Network.Close(3);
        await books.BalanceAsync();
        var lagging = new RefusingRpc(books.Network.Rpc, "startLedger must be within the ledger range: 1 - 2");

        for (var i = 0; i < 5; i++)
            await Should.ThrowAsync<SorobanRpcException>(() => books.Reader(lagging).TakeInPageAsync(Cancelled));

        (await books.Store.ReadAsync((db, token) => Coverage.ReadAsync(db, token))).Gaps.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_say_so_when_a_proof_is_no_longer_kept()
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        await books.ConfirmAsync(await books.OweAsync("one", "Submitting"), await books.PayAsync("one"));
        await books.BalanceAsync();
        await books.Store.SqlAsync("delete from ledger_movements");

        books.Store.Clock.Advance(TimeSpan.FromDays(400));
        await books.BalanceAsync();
        (await books.KindsAsync()).ShouldBe([FindingKind.ConfirmedNotOnLedger], "at the bound it is still compared");
        books.Store.Clock.Advance(TimeSpan.FromTicks(10));

        var report = await books.RoundAsync();
        (report.Forgotten, report.FindingsCount, report.Agrees).ShouldBe((1, 0, false));
    }
}
