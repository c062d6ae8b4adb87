using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Reconciling;

/// <summary>Pages, questions and findings: exactly so many at once.</summary>
public sealed class When_the_books_are_at_a_bound(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A thousand debts are one page, one more is on the next; the pages of a sweep end with the strays'.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(999, 2)]
    [InlineData(1000, 3)]
    [InlineData(1001, 3)]
    [InlineData(2000, 4)]
    public async Task Should_judge_a_thousand_debts_a_page(int debts, int pages)
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        await books.BalanceAsync();
        await books.Store.AddAsync(new PaidLedger(books.Options, debts).Debts());
        var sweep = books.Sweep();
        var taken = 1;
        while (!await sweep.SweepPageAsync(Cancelled))
            taken++;

        taken.ShouldBe(pages);
        var report = (await books.Reports.RoundAsync("round-1", Cancelled)).ShouldNotBeNull();
        report.Payouts.ShouldBe(debts);
    }

    /// <summary>Debts that the ledger shows nothing of: each is a finding, the report names the first thousand and counts all.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(1000)]
    [InlineData(1001)]
    public async Task Should_name_a_thousand_findings_and_count_the_rest(int debts)
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        await books.BalanceAsync();
        await books.Store.AddAsync(new PaidLedger(books.Options, debts).Debts());
        await books.Store.SqlAsync("update payouts set ledger = 1");

        var report = (await books.Reports.RoundAsync("round-1", Cancelled)).ShouldNotBeNull();

        (report.FindingsCount, report.Findings.Count).ShouldBe((debts, Math.Min(debts, 1000)));
    }

    /// <summary>Two events a payment: a page of a thousand events is cut before a payment that may go on behind it.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(499, 998, false)]
    [InlineData(500, 998, true)]
    [InlineData(501, 998, true)]
    public async Task Should_take_in_a_thousand_events_a_page_with_eight_questions_at_once(int payments, int movements, bool more)
    {
        await using var books = await OpenBooks.OpenAsync(servers, BuilderStore.Sqlite);
        var rpc = new WatchedRpc(new PaidLedger(books.Options, payments)) { TransactionsTogether = 8 };

        (await books.Reader(rpc).TakeInPageAsync(Cancelled)).ShouldBe(more);

        (await books.Store.ReadAsync((db, token) => db.Set<LedgerMovement>().CountAsync(token))).ShouldBe(movements);
        rpc.TransactionsMost.ShouldBe(8);
    }
}
