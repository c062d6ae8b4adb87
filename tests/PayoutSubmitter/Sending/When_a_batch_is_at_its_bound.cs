using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Sending;

/// <summary>How many envelopes are claimed, sent and asked for at once, and how long one waits for the next question.</summary>
public sealed class When_a_batch_is_at_its_bound
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_send_200_envelopes_in_one_step_32_at_once()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var rpc = new WatchedRpc(network.Rpc) { Together = ("SendTransactionAsync", 32) };
        await using var store = await SubmitterStore.CreateAsync(rpc, network.Options);
        await StoreAsync(network, store, 201);
        using var pump = store.Pump();

        (await pump.StepOnceAsync(Cancelled)).ShouldBeTrue();
        (rpc.Calls("SendTransactionAsync"), rpc.Most("SendTransactionAsync")).ShouldBe((200, 32));
        await pump.StepOnceAsync(Cancelled);
        rpc.Calls("SendTransactionAsync").ShouldBe(201);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_for_100_envelopes_in_one_step_16_at_once()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        var rpc = new WatchedRpc(network.Rpc) { Together = ("GetTransactionAsync", 16) };
        await using var store = await SubmitterStore.CreateAsync(rpc, network.Options);
        await StoreAsync(network, store, 101);
        await store.ExecuteAsync("update submissions set state = 'Watching', check_at = send_at, send_at = null");
        using var checker = store.Checker();

        (await checker.StepOnceAsync(Cancelled)).ShouldBeTrue("there may be more");
        (rpc.Calls("GetTransactionAsync"), rpc.Most("GetTransactionAsync")).ShouldBe((100, 16));
        (await checker.StepOnceAsync(Cancelled)).ShouldBeFalse();
        rpc.Calls("GetTransactionAsync").ShouldBe(101);
    }

    /// <summary>Twice as long each time; what the ledger may call late is looked at more often.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(false, new double[] { 0.5, 0.5, 1, 2, 4, 8, 16, 30, 30, 30 })]
    [InlineData(true, new double[] { 0.5, 0.5, 1, 2, 4, 8, 10, 10, 10, 10 })]
    public async Task Should_ask_ever_more_rarely_and_never_more_rarely_than_that(bool accepted, double[] pauses)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        await StoreAsync(network, store, 1);
        await store.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"update submissions set state = 'Watching', check_at = send_at, send_at = null, accepted_ledger = {(accepted ? "1000000" : "null")}"));
        using var checker = store.Checker();
        var seen = new List<double>();
        while (seen.Count < pauses.Length)
        {
            await checker.StepOnceAsync(Cancelled);
            var row = await store.ReadAsync((db, token) => db.Submissions.AsNoTracking().SingleAsync(token));
            var pause = row.CheckAt!.Value - store.Clock.GetUtcNow();
            seen.Add(pause.TotalSeconds);
            store.Clock.Advance(pause);
        }

        seen.ShouldBe(pauses);
    }

    /// <summary>Envelopes on numbers of their own; only the first is one that the network knows what to do with.</summary>
    private static async Task StoreAsync(SubmittingNetwork network, SubmitterStore store, int count)
    {
        var payment = await network.SignedAsync("one", 1);
        await store.StoreAsync([.. Enumerable.Range(0, count).Select(number => payment with
        {
            PayoutId = new PayoutId(Guid.CreateVersion7()),
            TransactionHash = number.ToString("x64", CultureInfo.InvariantCulture),
            Slot = payment.Slot with { SequenceNumber = payment.Slot.SequenceNumber + (2 * number) },
            ValidUntil = payment.ValidUntil.AddYears(1),
            MaxLedger = uint.MaxValue,
        })]);
    }
}
