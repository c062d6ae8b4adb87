using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

/// <summary>
/// Without channel accounts the payout source account is the only lane and its key is outside: a slot with a signed envelope ends when the ledger
/// shows that the envelope can be applied no more.
/// </summary>
public sealed class When_a_slot_cannot_be_burned(Servers servers)
{
    private const string ListLayout = "ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol";
    private static readonly string Lane = Sample.Admin.AccountId.ToString();
    private static readonly DateTimeOffset Valid = new(2026, 7, 1, 13, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The contract refuses the list for ever, because one of it was paid by somebody else.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_halve_a_signed_group_on_its_slot_once_it_is_proven_unused(string database)
    {
        await using var store = await CreateAsync(database);
        var leader = await LeadAsync(store, winners: 4);
        await store.RaiseAsync(leader, store.Machine.PayoutBuilt, saga => Built(saga, 'a', Valid));
        await store.RaiseAsync(leader, store.Machine.DeadlineReached, saga => new DeadlineReached { PayoutId = saga.Id });
        await store.RaiseAsync(leader, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Build, FailureCode.AlreadyPaid));

        var asked = (await store.OutboxAsync<WatchSlot>()).ShouldHaveSingleItem();
        (asked.Slot.SequenceNumber, asked.ValidUntil, asked.MaxLedger).ShouldBe((10, Valid, 99u));
        asked.Envelopes.ShouldBe([new string('a', 64)]);
        asked.Order.Others!.Count.ShouldBe(3, "what the envelopes would have paid");
        (await store.PayoutsAsync()).Count(x => x.CurrentState == "Grouped").ShouldBe(3, "the envelope may still pay them");

        await store.RaiseAsync(leader, store.Machine.SlotProvenUnused, _ => Proof(asked));
        await store.RaiseAsync(leader, store.Machine.SlotProvenUnused, _ => Proof(asked));

        var payouts = await store.PayoutsAsync();
        payouts.Select(x => (x.CurrentState, x.SequenceNumber)).ShouldBe([("Building", 10), ("Grouped", null), ("Building", null), ("Building", null)], ignoreOrder: true);
        payouts.Single(x => x.CorrelationId == leader).Exposed.ShouldBeFalse();
        var builds = await store.OutboxAsync<BuildPayout>();
        builds.Count.ShouldBe(3, "the first, the one after the deadline, and the half: the second proof is late");
        builds[^1].Order.Others!.Count.ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_give_the_lane_to_others_while_a_human_decides()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, recipients: 1);
        var held = await LeadAsync(store, winners: 2);
        await store.RaiseAsync(held, store.Machine.PayoutBuilt, saga => Built(saga, 'a', Valid));
        await store.RaiseAsync(held, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Sign, FailureCode.SignerRejected));
        await LeaseAsync(store);
        (await store.OutboxAsync<BuildPayout>()).Count.ShouldBe(1, "the signer may have signed all the same");

        await store.RaiseAsync(held, store.Machine.SlotProvenUnused, _ => Proof(store.OutboxAsync<WatchSlot>().Result.Single()));
        await LeaseAsync(store);

        var payout = await store.PayoutAsync(held);
        (payout.CurrentState, payout.Slot, payout.HoldCode).ShouldBe(("OnHold", null, FailureCode.SignerRejected));
        (await store.OutboxAsync<BuildPayout>())[^1].Slot.SequenceNumber.ShouldBe(10, "the number is as good as new");
        (await store.SlotsAsync(Lane)).ShouldHaveSingleItem().PayoutId.ShouldNotBe(held);
    }

    /// <summary>The settings, or the node that told the time, may have changed between two envelopes.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_wait_for_the_longest_of_its_envelopes()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, recipients: 1);
        var held = await LeadAsync(store, winners: 1);
        await store.RaiseAsync(held, store.Machine.PayoutBuilt, saga => Built(saga, 'a', Valid.AddHours(2)));
        await store.RaiseAsync(held, store.Machine.DeadlineReached, saga => new DeadlineReached { PayoutId = saga.Id });
        await store.RaiseAsync(held, store.Machine.PayoutBuilt, saga => Built(saga, 'b', Valid));
        await store.RaiseAsync(held, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Sign, FailureCode.SignerRejected));

        var asked = (await store.OutboxAsync<WatchSlot>()).ShouldHaveSingleItem();
        asked.ValidUntil.ShouldBe(Valid.AddHours(2));
        asked.Envelopes.Count.ShouldBe(2);
        await store.RaiseAsync(held, store.Machine.SlotProvenUnused, _ => Proof(asked) with { ValidUntil = Valid });
        (await store.PayoutAsync(held)).Slot.ShouldNotBeNull("the first envelope lives on");
    }

    /// <summary>A new envelope is out since it was asked: what is proven of the old ones says nothing of it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_not_take_an_old_proof_for_a_new_envelope()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, recipients: 1);
        var held = await LeadAsync(store, winners: 1);
        await store.RaiseAsync(held, store.Machine.PayoutBuilt, saga => Built(saga, 'a', Valid));
        await store.RaiseAsync(held, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Sign, FailureCode.SignerRejected));
        var asked = (await store.OutboxAsync<WatchSlot>()).ShouldHaveSingleItem();
        await store.RaiseAsync(held, store.Machine.RetryPayout, saga => new RetryPayout { PayoutId = saga.Id, By = "an operator", Reason = "it is time" });
        await store.RaiseAsync(held, store.Machine.PayoutBuilt, saga => Built(saga, 'b', Valid.AddMinutes(5)));
        await store.RaiseAsync(held, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Sign, FailureCode.SignerRejected));

        await store.RaiseAsync(held, store.Machine.SlotProvenUnused, _ => Proof(asked));
        (await store.PayoutAsync(held)).Slot.ShouldNotBeNull();

        await store.RaiseAsync(held, store.Machine.SlotProvenUnused, _ => Proof(store.OutboxAsync<WatchSlot>().Result[^1]));
        (await store.PayoutAsync(held)).Slot.ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_free_the_lane_when_another_transaction_has_paid_it()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var leader = await LeadAsync(store, winners: 3);
        await store.RaiseAsync(leader, store.Machine.PayoutBuilt, saga => Built(saga, 'a', Valid));
        await store.RaiseAsync(leader, store.Machine.PayoutFailed, saga => Failed(saga, PayoutStage.Sign, FailureCode.SignerRejected));
        await store.RaiseAsync(leader, store.Machine.PayoutVerified, saga => new PayoutVerified
        {
            PayoutId = saga.Id, Attempt = saga.Attempt, Evidence = PaymentEvidence.Paid, Slot = saga.Slot, SlotConsumed = false,
            TransactionHash = new string('c', 64), Ledger = 7, Detail = "paid by hand",
        });
        (await store.PayoutAsync(leader)).CurrentState.ShouldBe("Confirmed");
        (await store.PayoutsAsync()).Count(x => x.CurrentState == "Grouped").ShouldBe(2, "its own envelope may still pay them");

        await store.RaiseAsync(leader, store.Machine.SlotProvenUnused, _ => Proof(store.OutboxAsync<WatchSlot>().Result.Single()));

        (await store.PayoutsAsync()).Count(x => x is { CurrentState: "Building", LeaderId: null }).ShouldBe(2);
        (await store.SlotsAsync(Lane)).ShouldBeEmpty();
        (await store.ChannelAsync(Lane)).NextSequence.ShouldBe(10);
    }

    private Task<BuilderStore> CreateAsync(string database, int recipients = 8) => BuilderStore.CreateAsync(servers, database, Sample.Options() with
    {
        Contract = new PayoutContractCall(Sample.Contract, "distribute", PayoutArgumentLayout.Parse(ListLayout)),
        RecipientsMax = recipients,
    });

    private static async Task<Guid> LeadAsync(BuilderStore store, int winners)
    {
        await store.AddAsync([.. Enumerable.Range(1, winners).Select(number =>
        {
            var payout = store.Waiting(number);
            (payout.RoundNumber, payout.Winner) = (1, Sample.Account($"winner {number}"));
            return payout;
        }), new Channel { Account = Lane, NextSequence = 10, LastUsedAt = store.Clock.GetUtcNow() }]);
        await LeaseAsync(store);
        return (await store.OutboxAsync<BuildPayout>()).ShouldHaveSingleItem().PayoutId.Value;
    }

    private static async Task LeaseAsync(BuilderStore store)
    {
        using var dispatcher = store.Dispatcher();
        while (await dispatcher.StepOnceAsync(Cancelled))
        {
        }
    }

    private static SlotProvenUnused Proof(WatchSlot asked) => new()
    {
        PayoutId = asked.PayoutId, Attempt = asked.Attempt, Slot = asked.Slot, ValidUntil = asked.ValidUntil, MaxLedger = asked.MaxLedger, ProvenAtLedger = 98,
    };

    private static PayoutBuilt Built(Payout saga, char hash, DateTimeOffset validUntil) => new()
    {
        PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string(hash, 64), UnsignedXdr = "AAAA", FeeStroops = 200,
        ValidUntil = validUntil, MaxLedger = 99,
    };

    private static PayoutFailed Failed(Payout saga, PayoutStage stage, FailureCode code) => new()
    {
        PayoutId = saga.Id, Attempt = saga.Attempt, Stage = stage, Code = code, Detail = "as the test says", Transient = false,
        Slot = saga.Slot!, TransactionHash = saga.TransactionHash,
    };
}
