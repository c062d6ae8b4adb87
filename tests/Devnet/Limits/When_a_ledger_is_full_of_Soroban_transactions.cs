using System.Globalization;
using Payouts.Devnet.Soroban;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Limits;

/// <summary>Mainnet's limits of one ledger: what reaches them is taken, one more waits for the next ledger; the dearest go first.</summary>
public sealed class When_a_ledger_is_full_of_Soroban_transactions : NetworkTest
{
    [Theory(Timeout = TimeoutMs)]
    [InlineData("instructions", 400_000_000, 180_000_000)]
    [InlineData("write bytes", 132_096, 132_096, 22_528)]
    [InlineData("write entries", 200, 200, 200, 200, 200)]
    public async Task Should_take_the_limit_and_leave_one_above_for_the_next(string dimension, params int[] amounts)
    {
        await SendAsync("exact", amounts.Select((amount, i) => Build($"exact {i}", dimension, amount)));
        Net.CloseLedger();
        (await AppliedAsync("exact")).ShouldBe(amounts.Length);

        // One more unit: in the last transaction, or as one of its own where the last is at its own limit.
        int[] above = amounts[^1] < amounts[0] ? [.. amounts[..^1], amounts[^1] + 1] : [.. amounts, 1];
        await SendAsync("above", above.Select((amount, i) => Build($"above {i}", dimension, amount)));
        Net.CloseLedger();
        (await AppliedAsync("above")).ShouldBe(above.Length - 1);
        Net.CloseLedger();
        (await AppliedAsync("above")).ShouldBe(above.Length);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_take_266240_bytes_of_transactions_and_leave_four_more_for_the_next()
    {
        int[] exact = [132_096, 132_096, 2_048];
        await SendAsync("exact", await BuildOfSizesAsync("exact", exact));
        Net.CloseLedger();
        (await AppliedAsync("exact")).ShouldBe(3);

        await SendAsync("above", await BuildOfSizesAsync("above", [.. exact[..2], exact[2] + 4]));
        Net.CloseLedger();
        (await AppliedAsync("above")).ShouldBe(2);
        Net.CloseLedger();
        (await AppliedAsync("above")).ShouldBe(3);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_take_2000_transactions_and_leave_the_next_one()
    {
        // 2,000 envelopes are more bytes than one ledger takes, so only the count is left at mainnet's limit.
        await using var wide = await TestNetwork.StartAsync(options => options with { LedgerScale = 10 });
        var transactions = Enumerable.Range(0, 2_001)
            .Select(i => Declared.Restore(wide, string.Create(CultureInfo.InvariantCulture, $"one of many {i}"), Declared.Nothing)).ToList();
        transactions.ForEach(transaction => wide.Ledger.Submit(transaction.ToEnvelope()).ShouldBeOfType<Devnet.Queue.QueueAnswer.Pending>());

        wide.CloseLedger();

        wide.Ledger.PendingTransactions.ShouldBe(1);
        wide.CloseLedger();
        wide.Ledger.PendingTransactions.ShouldBe(0);
        transactions.Count(transaction => wide.Ledger.SequenceNumber(transaction.Source) == transaction.SequenceNumber).ShouldBe(2_001);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_take_the_dearest_first_and_charge_everybody_the_lowest_bid_taken()
    {
        var half = Declared.Nothing with { WriteBytes = 132_096 };
        var bids = new Dictionary<string, Transaction>
        {
            ["low"] = Declared.Restore(Net, "low", half, inclusionFee: 300),
            ["high"] = Declared.Restore(Net, "high", half, inclusionFee: 900),
            ["middle"] = Declared.Restore(Net, "middle", half, inclusionFee: 500),
        };
        await SendAsync("bids", bids.Values);

        Net.CloseLedger();

        (await InclusionFeeAsync(bids["high"])).ShouldBe(500);
        (await InclusionFeeAsync(bids["middle"])).ShouldBe(500);
        (await Net.FindAsync(bids["low"].Hash(Net.Network))).ShouldBeNull();
        var stats = await Net.Rpc.GetFeeStatsAsync(TestNetwork.Cancellation);
        (stats.SorobanInclusionFee.Min, stats.SorobanInclusionFee.Max).ShouldBe((500, 500));

        // Alone in its ledger it pays the minimum, whatever it bid.
        Net.CloseLedger();
        (await InclusionFeeAsync(bids["low"])).ShouldBe(100);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_hold_two_ledgers_worth_in_the_queue_and_name_the_fee_that_beats_the_cheapest()
    {
        var half = Declared.Nothing with { WriteBytes = 132_096 };
        await SendAsync("four", Enumerable.Range(0, 4).Select(i => Declared.Restore(Net, $"pending {i}", half, inclusionFee: 300)));
        var fifth = Declared.Restore(Net, "fifth", half, inclusionFee: 300);

        var refused = (await Net.SendAsync(fifth)).ShouldBeOfType<SendOutcome.Refused>();

        (refused.Code, refused.FeeCharged).ShouldBe((TransactionResultCode.txINSUFFICIENT_FEE, fifth.ResourceFee + 301));
        (await Net.SendAsync(Declared.Restore(Net, "sixth", half, inclusionFee: 301))).ShouldBeOfType<SendOutcome.Pending>();
    }

    private readonly Dictionary<string, List<Transaction>> sent = [];

    private async Task SendAsync(string name, IEnumerable<Transaction> transactions)
    {
        sent[name] = [.. transactions];
        foreach (var transaction in sent[name])
        {
            (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Pending>();
        }
    }

    private async Task<int> AppliedAsync(string name)
    {
        var found = await Task.WhenAll(sent[name].Select(transaction => Net.FindAsync(transaction.Hash(Net.Network))));
        found.OfType<TransactionRecord>().ShouldAllBe(record => record.Status == TransactionStatus.SUCCESS);
        return found.Count(record => record is not null);
    }

    private Transaction Build(string account, string dimension, int amount) => Declared.Restore(Net, account, dimension switch
    {
        "instructions" => Declared.Nothing with { Instructions = (uint)amount },
        "write bytes" => Declared.Nothing with { WriteBytes = (uint)amount },
        _ => Declared.Nothing with { Footprint = new LedgerFootprint([], Declared.Keys(Net, amount)) },
    });

    private async Task<List<Transaction>> BuildOfSizesAsync(string name, int[] sizes)
    {
        var transactions = new List<Transaction>();
        foreach (var size in sizes)
        {
            transactions.Add(await Declared.OfSizeAsync(Net, $"{name} {transactions.Count}", size));
            Declared.Size(transactions[^1]).ShouldBe(size);
        }

        return transactions;
    }

    /// <summary>What was charged beyond the resources.</summary>
    private async Task<long> InclusionFeeAsync(Transaction transaction)
    {
        var charged = TestNetwork.Result((await Net.FindAsync(transaction.Hash(Net.Network))).ShouldNotBeNull()).FeeCharged;
        return charged - ResourceFees.Compute(transaction.SorobanData!.Resources, Declared.Size(transaction), 0).NonRefundable;
    }
}
