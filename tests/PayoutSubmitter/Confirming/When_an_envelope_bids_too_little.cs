using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Confirming;

/// <summary>Prices rise after an envelope was signed. payout-signer is played by the test: it wraps what it is asked to.</summary>
public sealed class When_an_envelope_bids_too_little
{
    private const long Surge = 5_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Ages out of the queue, is bumped, and the ledger records the fee bump: found by its events, or by its hashes.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_be_bumped_and_confirmed_under_the_hash_of_its_fee_bump(bool byEvents)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.BumpingOptions());
        var command = await network.SignedAsync("one", 1);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = Surge });
        var asked = await AskedAsync(network, store, command);
        asked.FeeStroops.ShouldBe(Transaction.FromBase64(command.SignedXdr).ResourceFee + (2 * Surge), "the market's price for the envelope and its fee bump");

        var bumped = network.Bumped(asked);
        await store.StoreAsync(bumped);
        await store.RunAsync("the fee bump is accepted", async () => (await store.SubmissionAsync(command)).AcceptedLedger is not null, store.Pump());
        network.Close();
        network.Ledger.Payouts().ShouldHaveSingleItem();
        await store.RunAsync("it is confirmed", async () => (await store.SubmissionAsync(command)).State == SubmissionState.Done, byEvents ? [store.Follower()] : [store.Checker()]);

        (await store.SaidAsync<PayoutConfirmed>()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            x => x.TransactionHash.ShouldBe(bumped.BumpHash), x => x.Slot.ShouldBe(command.Slot), x => x.Paid.ShouldBe(command.Order.Amount));
        (await network.Rpc.GetTransactionAsync(TransactionHash.Parse(command.TransactionHash), Cancelled)).ShouldBeOfType<TransactionLookup.Found>("the hash inside resolves too")
            .Transaction.IsFeeBump.ShouldBeTrue();
        var row = await store.SubmissionAsync(command);
        (row.Bumps, row.BumpXdr, row.SignedXdr).ShouldBe((1, null, ""));
    }

    /// <summary>A node refuses with the fee it would take, and the bid follows it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_bid_what_a_full_queue_asks_for()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.BumpingOptions());
        var command = await network.SignedAsync("one", 1);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.QueueFull, FeeStroops = 777, Count = 1 });
        await store.StoreAsync(command);

        await store.RunAsync("a fee bump is asked for", async () => (await store.SaidAsync<BumpFee>()).Count == 1, store.Pump());
        var asked = (await store.SaidAsync<BumpFee>()).Single();
        asked.FeeStroops.ShouldBe(Transaction.FromBase64(command.SignedXdr).ResourceFee + (2 * 777));
        (asked.TransactionHash, asked.SignedXdr, asked.PayoutId).ShouldBe((command.TransactionHash, command.SignedXdr, command.PayoutId));
        await store.StoreAsync(network.Bumped(asked));
        await store.RunAsync("it is accepted", async () => (await store.SaidAsync<PayoutSubmitted>()).Count == 1, store.Pump());
        network.Close();
        await store.RunAsync("it is confirmed", async () => (await store.SaidAsync<PayoutConfirmed>()).Count == 1, store.Follower());
    }

    /// <summary>TRY_AGAIN_LATER says nothing of a price; the fee statistics do.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_bid_more_after_try_again_later_only_when_others_pay_more(bool othersPayMore)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.BumpingOptions());
        var command = await network.SignedAsync("one", 1);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.QueueFull });
        if (othersPayMore)
            network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = Surge });
        await store.StoreAsync(command);

        await store.RunAsync("it was tried three times", async () => (await store.SubmissionAsync(command)).Tries >= 3, store.Pump());

        (await store.SubmissionAsync(command)).LastAnswer.ShouldBe("TRY_AGAIN_LATER");
        (await store.SaidAsync<BumpFee>()).Any().ShouldBe(othersPayMore);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_a_human_at_the_cap_and_go_on_watching()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.BumpingOptions());
        var command = await network.SignedAsync("one", 1);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = SubmittingNetwork.FeeMax });
        var asked = await AskedAsync(network, store, command);
        asked.FeeStroops.ShouldBe(SubmittingNetwork.FeeMax, "the market is above it");
        await store.StoreAsync(network.Bumped(asked));
        await store.RunAsync("it is accepted", async () => (await store.SubmissionAsync(command)).AcceptedLedger is not null, store.Pump());
        network.CloseAtOnce(6);

        await store.RunAsync("a human is asked", async () => (await store.SaidAsync<PayoutUnresolved>()).Count > 0, store.Pump(), store.Checker());

        var unresolved = (await store.SaidAsync<PayoutUnresolved>()).ShouldHaveSingleItem();
        (unresolved.Code, unresolved.Slot, unresolved.TransactionHash).ShouldBe((FailureCode.FeeAboveCap, command.Slot, command.TransactionHash));
        unresolved.Detail.ShouldContain("2000000");
        var row = await store.SubmissionAsync(command);
        (row.State, row.SendAt).ShouldBe((SubmissionState.Watching, null));
        // Somebody else sends it after the surge: that is found out.
        network.Ledger.Faults.Clear();
        network.CloseAtOnce(10);
        (await network.Rpc.SendTransactionAsync(network.Bumped(asked).SignedXdr, TransactionHash.Parse(network.Bumped(asked).BumpHash), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        network.Close();
        await store.RunAsync("it is confirmed", async () => (await store.SaidAsync<PayoutConfirmed>()).Count == 1, store.Checker());
        (await store.SaidAsync<PayoutUnresolved>()).Count.ShouldBe(1);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(null)]
    [InlineData(1_000_000_000L)]
    public async Task Should_ask_a_human_when_the_fee_account_cannot_pay(long? balance)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        if (balance is { } stroops)
            network.Ledger.Grant(network.FeeKey.AccountId, stroops);
        // With a balance: more than that is already promised to the queue by nobody, so the cap is set above it.
        var options = network.Options with { FeeAccount = network.FeeKey.AccountId, FeeMaxStroops = 4_000_000_000 };
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, options);
        var command = await network.SignedAsync("one", 1);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.QueueFull, FeeStroops = balance ?? 500, Count = 1 });
        await store.StoreAsync(command);
        await store.RunAsync("a fee bump is asked for", async () => (await store.SaidAsync<BumpFee>()).Count == 1, store.Pump());

        await store.StoreAsync(network.Bumped((await store.SaidAsync<BumpFee>()).Single()));
        await store.RunAsync("a human is asked", async () => (await store.SaidAsync<PayoutUnresolved>()).Count > 0, store.Pump(), store.Checker());

        var unresolved = (await store.SaidAsync<PayoutUnresolved>()).ShouldHaveSingleItem();
        unresolved.Code.ShouldBe(FailureCode.FeeAccountUnfunded);
        unresolved.Detail.ShouldContain(network.FeeKey.AccountId.ToString());
        (await store.SubmissionAsync(command)).SendAt.ShouldBeNull("nothing is sent in a loop");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_take_each_fee_bump_once_and_none_that_bids_less()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.BumpingOptions());
        var command = await network.SignedAsync("one", 1);
        await store.StoreAsync(command);
        var ask = new BumpFee { PayoutId = command.PayoutId, Attempt = 1, TransactionHash = command.TransactionHash, SignedXdr = command.SignedXdr, FeeStroops = 500_000 };
        var (dear, cheap) = (network.Bumped(ask), network.Bumped(ask with { FeeStroops = 400_000 }));

        await store.StoreAsync(dear);
        await store.StoreAsync(dear);
        await store.StoreAsync(cheap);

        var row = await store.SubmissionAsync(command);
        (row.Bumps, row.BumpHash, row.BumpFeeStroops, row.BumpXdr).ShouldBe((1, dear.BumpHash, 500_000, dear.SignedXdr));
        (await store.ReadAsync((db, token) => db.FeeBumps.Select(x => x.BumpHash).ToListAsync(token))).ShouldBe([dear.BumpHash]);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("another envelope")]
    [InlineData("another fee")]
    [InlineData("no envelope")]
    [InlineData("never submitted")]
    public async Task Should_refuse_a_fee_bump_that_is_not_of_its_envelope(string wrong)
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.BumpingOptions());
        var (command, other) = (await network.SignedAsync("one", 1), await network.SignedAsync("two", 2));
        await store.StoreAsync(command);
        var good = network.Bumped(new BumpFee { PayoutId = command.PayoutId, Attempt = 1, TransactionHash = command.TransactionHash, SignedXdr = command.SignedXdr, FeeStroops = 500_000 });
        var bad = wrong switch
        {
            "another envelope" => good with { SignedXdr = network.Bumped(new BumpFee { PayoutId = command.PayoutId, Attempt = 1, TransactionHash = command.TransactionHash, SignedXdr = other.SignedXdr, FeeStroops = 500_000 }).SignedXdr },
            "another fee" => good with { FeeStroops = 500_001 },
            "no envelope" => good with { SignedXdr = command.SignedXdr },
            _ => good with { TransactionHash = new string('a', 64) },
        };

        await Should.ThrowAsync<Payouts.Hosting.Messaging.RefusedMessageException>(store.StoreAsync(bad));
        (await store.SubmissionAsync(command)).BumpHash.ShouldBeNull();
    }

    /// <summary>Killed after the answer was stored, or after the fee bump was sent: the next process goes on with the same bytes.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_go_on_with_the_stored_fee_bump_after_a_kill()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.BumpingOptions());
        var command = await network.SignedAsync("one", 1);
        await store.StoreAsync(command);
        var bumped = network.Bumped(new BumpFee { PayoutId = command.PayoutId, Attempt = 1, TransactionHash = command.TransactionHash, SignedXdr = command.SignedXdr, FeeStroops = 500_000 });
        await store.StoreAsync(bumped);
        var claimedUntil = store.Clock.GetUtcNow().AddSeconds(60);
        await store.ChangeAsync((db, token) => db.Submissions.ExecuteUpdateAsync(x => x.SetProperty(p => p.SendAt, claimedUntil).SetProperty(p => p.Tries, 1), token));
        (await network.Rpc.SendTransactionAsync(bumped.SignedXdr, TransactionHash.Parse(bumped.BumpHash), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();

        await store.RunAsync("the network has it already", async () => (await store.SubmissionAsync(command)).LastAnswer == "DUPLICATE", store.Pump());
        network.Close();
        await store.RunAsync("it is confirmed", async () => (await store.SaidAsync<PayoutConfirmed>()).Count == 1, store.Follower());
        network.Ledger.Payouts().ShouldHaveSingleItem();
    }

    /// <summary>Without a fee account the same envelope is sent again when the queue has dropped it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_sent_again_when_there_is_no_fee_account()
    {
        await using var network = await SubmittingNetwork.StartAsync();
        await using var store = await SubmitterStore.CreateAsync(network.Rpc, network.Options);
        var command = await network.SignedAsync("one", 1);
        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.FeeSurge, FeeStroops = Surge });
        await store.StoreAsync(command);
        await store.RunAsync("it is accepted", async () => (await store.SubmissionAsync(command)).AcceptedLedger is not null, store.Pump());
        network.CloseAtOnce(16);
        network.Ledger.Faults.Clear();

        await store.RunAsync("it is accepted again", async () => (await store.SubmissionAsync(command)).AcceptedLedger == network.Ledger.LatestLedger, store.Pump(), store.Checker());
        network.Close();
        await store.RunAsync("it is confirmed", async () => (await store.SaidAsync<PayoutConfirmed>()).Count == 1, store.Follower());
        (await store.SaidAsync<BumpFee>()).ShouldBeEmpty();
    }

    /// <summary>Accepted at its old price, left out until the queue forgets it, and then asked for.</summary>
    private static async Task<BumpFee> AskedAsync(SubmittingNetwork network, SubmitterStore store, SubmitPayout command)
    {
        await store.StoreAsync(command);
        await store.RunAsync("it is accepted", async () => (await store.SubmissionAsync(command)).AcceptedLedger is not null, store.Pump());
        network.CloseAtOnce(4);
        (await store.SaidAsync<BumpFee>()).ShouldBeEmpty();
        network.CloseAtOnce(1);
        await store.RunAsync("a fee bump is asked for", async () => (await store.SaidAsync<BumpFee>()).Count == 1, store.Pump(), store.Checker());
        return (await store.SaidAsync<BumpFee>()).ShouldHaveSingleItem();
    }
}
