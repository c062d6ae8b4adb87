using Payouts.Contracts;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

/// <summary>Far more rows than one page holds, all older than the one that matters, and none of them will ever be answered.</summary>
public sealed class When_many_submissions_wait
{
    private const int Old = 450;

    [Fact(Timeout = 120_000)]
    public async Task Should_not_let_the_old_hold_up_the_new()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var payment = await network.SignedAsync("one", 1);
        await store.StoreAsync([.. Enumerable.Range(0, Old).Select(n => Stuck(payment, n))]);
        await store.ChangeAsync((db, _) =>
        {
            foreach (var row in Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.AsTracking(db.Submissions))
                (row.State, row.SendAt, row.CheckAt) = (SubmissionState.Watching, null, store.Clock.GetUtcNow().AddHours(-1));
            return Task.CompletedTask;
        });
        await store.StoreAsync(payment);

        await store.RunAsync("the new one is sent", async () => (await store.SubmissionAsync(payment)).AcceptedAt is not null, store.Pump(), store.Checker());
        network.Close();
        await store.RunAsync("the new one is confirmed", async () => (await store.SubmissionAsync(payment)).State == SubmissionState.Done, store.Checker(), store.Follower());

        (await store.SaidAsync<PayoutConfirmed>()).ShouldHaveSingleItem().TransactionHash.ShouldBe(payment.TransactionHash);
        await store.RunAsync("all are counted, not one page", async () => (await MetricsAsync()).Contains($"worker_jobs_pending {Old}\n", StringComparison.Ordinal), store.Gauge());
    }

    private static async Task<string> MetricsAsync()
    {
        using var text = new MemoryStream();
        await Prometheus.Metrics.DefaultRegistry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>An envelope on its own number that no node will ever know.</summary>
    private static SubmitPayout Stuck(SubmitPayout like, int number) => like with
    {
        PayoutId = new PayoutId(Guid.CreateVersion7()),
        TransactionHash = number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture),
        Slot = like.Slot with { SequenceNumber = like.Slot.SequenceNumber + 1 + number },
        ValidUntil = like.ValidUntil.AddYears(1),
        MaxLedger = uint.MaxValue,
    };
}
