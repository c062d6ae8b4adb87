using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Signer.Answers;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Signers;
using Payouts.Signers.Local;
using Payouts.Stellar;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

/// <summary>What payout-signer does at once, how long it waits, and how often it tries: exactly so much.</summary>
public sealed class When_a_batch_is_at_its_bound
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_give_up_500_requests_in_one_transaction_when_they_have_waited_five_minutes()
    {
        await using var store = await SignerStore.CreateAsync();
        await store.AskAsync(Enumerable.Range(1, 501).Select(round => store.Installation.Order((uint)round)));
        using var sweep = store.Sweep();

        store.Clock.Advance(store.Options.OrderWaitMax);
        (await sweep.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await store.CountAsync(SignRequestState.AwaitingOrder)).ShouldBe(501, "at the bound they still wait");

        store.Clock.Advance(TimeSpan.FromTicks(10));
        (await sweep.StepOnceAsync(Cancelled)).ShouldBeTrue("there may be more");
        (await store.CountAsync(SignRequestState.Refused)).ShouldBe(500);
        (await sweep.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await store.CountAsync(SignRequestState.Refused)).ShouldBe(501);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_leave_to_the_order_what_is_no_older_than_two_seconds()
    {
        await using var store = await SignerStore.CreateAsync();
        var order = store.Installation.Order();
        await store.AskAsync([order]);
        await using (var db = await store.Contexts.CreateDbContextAsync(Cancelled))
        {
            db.Orders.AddRange(Order.From(store.Installation.Resolved(order), store.Installation.Network.Passphrase, store.Installation.Contract.ToString()));
            await db.SaveChangesAsync(Cancelled);
        }

        using var sweep = store.Sweep();
        store.Clock.Advance(store.Options.SweepAgeMin);
        await sweep.StepOnceAsync(Cancelled);
        (await store.CountAsync(SignRequestState.AwaitingOrder)).ShouldBe(1, "its order's arrival releases it");
        store.Clock.Advance(TimeSpan.FromTicks(10));
        await sweep.StepOnceAsync(Cancelled);
        (await store.CountAsync(SignRequestState.Waiting)).ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_release_1000_requests_with_their_orders_and_the_rest_by_the_sweep()
    {
        await using var store = await SignerStore.CreateAsync();
        var orders = Enumerable.Range(1, 1001).Select(round => store.Installation.Order((uint)round)).ToList();
        await store.AskAsync(orders);
        await store.KeepAsync([.. orders.Select(order => store.Installation.Resolved(order))]);

        (await store.CountAsync(SignRequestState.Waiting)).ShouldBe(1000);
        store.Clock.Advance(TimeSpan.FromSeconds(3));
        using var sweep = store.Sweep();
        await sweep.StepOnceAsync(Cancelled);
        (await store.CountAsync(SignRequestState.Waiting)).ShouldBe(1001);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_have_200_requests_signed_by_the_keys_provider_in_one_step()
    {
        await using var store = await SignerStore.CreateAsync();
        var orders = Enumerable.Range(1, 201).Select(round => store.Installation.Order((uint)round)).ToList();
        await store.KeepAsync([.. orders.Select(order => store.Installation.Resolved(order))]);
        await store.AskAsync(orders);
        var (policy, payoutKey) = (store.Installation.Policy, store.Installation.PayoutKey);
        await using var key = new GuardedKey(new LocalKey(payoutKey), "local", payoutKey.AccountId, new SigningLimits(), TimeProvider.System, NullLogger<GuardedKey>.Instance);
        await key.ProveAsync(Cancelled);
        await using var desk = new AnswerDesk(store.Units, new AnswerCheck(policy, store.Installation.Keys()), store.Seal, new UnwatchedSteps(), NullLogger<AnswerDesk>.Instance);
        using var signer = new KeySigner(store.Contexts, key, desk, new IntentCheck(policy), new OrderMatch(policy), policy, new WaitingRequests(areOurs: true), store.Options, store.Clock, NullLogger<KeySigner>.Instance);

        (await signer.StepOnceAsync(Cancelled)).ShouldBeTrue("there may be more");
        (await store.CountAsync(SignRequestState.Signed)).ShouldBe(200);
        (await signer.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await store.CountAsync(SignRequestState.Signed)).ShouldBe(201);
    }

    /// <summary>More than one statement takes: the rest is in the next, conflicts are told from both.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(9_999)]
    [InlineData(10_000)]
    public async Task Should_keep_10000_orders_in_one_statement_and_more_in_another(int first)
    {
        await using var store = await SignerStore.CreateAsync();
        var round = store.Installation.Resolved(store.Installation.Order()) with
        {
            Payouts = [.. Enumerable.Range(0, first).Select(i => new OwedPayout { Winner = new AccountId(SHA256.HashData(BitConverter.GetBytes(i))).ToString(), Amount = new Stroops(1) })],
        };
        await store.KeepAsync(round, store.Installation.Resolved(store.Installation.Order(round: 8)), store.Installation.Resolved(store.Installation.Order(round: 9)));

        (await store.ReadAsync(db => db.Orders.CountAsync(Cancelled))).ShouldBe(first + 2);
    }

    /// <summary>Rounds of one transaction are kept at one time.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_keep_ten_rounds_in_one_transaction()
    {
        var installation = new Installation();
        await using var host = await SignerHost.StartAsync(installation);
        await using (await host.Units.BeginAsync(Cancelled))
        {
            // The writer is busy: what comes meanwhile waits together.
            for (var round = 1u; round <= 60; round++)
                await host.SendAsync(installation.Resolved(installation.Order(round)));
        }

        await Probe.Until("all are kept", async _ => await host.CountOrdersAsync() == 60);
        var together = (await host.KeptAtAsync()).GroupBy(at => at).Select(transaction => transaction.Count()).ToList();
        together.Max().ShouldBe(10);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task Should_keep_500_characters_of_a_refusal(int length)
    {
        await using var store = await SignerStore.CreateAsync();
        var refused = new IntentVerdict.Refused(IntentProblem.OrderUnsound, new string('x', length - $"{IntentProblem.OrderUnsound}: ".Length));
        refused.Text.Length.ShouldBe(length);
        await store.AskAsync([store.Installation.Order()], refused);

        (await store.ReadAsync(db => db.SignRequests.Select(x => x.Reason!.Length).SingleAsync(Cancelled))).ShouldBe(Math.Min(length, 500));
    }

    /// <summary>Over HTTP nobody delivers again: what the database refuses for another writer's sake is tried three times.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Should_try_an_answer_over_http_three_times(int failures, bool taken)
    {
        await using var store = await SignerStore.CreateAsync();
        var order = store.Installation.Order();
        await store.KeepAsync(store.Installation.Resolved(order));
        await store.AskAsync([order]);
        var request = await store.ReadAsync(db => db.SignRequests.SingleAsync(Cancelled));
        var contexts = new BusyContexts(store.Contexts) { Failures = failures };
        await using var desk = new AnswerDesk(
            new UnitOfWorkFactory<SignerDbContext>(contexts, store.Database, store.Clock), new AnswerCheck(store.Installation.Policy, store.Installation.Keys()), store.Seal, new UnwatchedSteps(), NullLogger<AnswerDesk>.Instance);

        var answer = () => desk.RejectAsync(request.RequestId, new Rejection { Reason = "no" }, message: null, Cancelled);
        if (taken)
            (await answer()).ShouldBeOfType<AnswerOutcome.Taken>();
        else
            await Should.ThrowAsync<DbUpdateConcurrencyException>(answer);
        contexts.Asked.ShouldBe(4, "the request is looked up once, then there are three tries");
    }

    /// <summary>After the first question, so many fail as they do when another writer was first.</summary>
    private sealed class BusyContexts(IDbContextFactory<SignerDbContext> contexts) : IDbContextFactory<SignerDbContext>
    {
        public int Failures { get; init; }

        public int Asked { get; private set; }

        public SignerDbContext CreateDbContext() =>
            Asked++ is > 0 and var asked && asked <= Failures ? throw new DbUpdateConcurrencyException("another writer was first") : contexts.CreateDbContext();

        public Task<SignerDbContext> CreateDbContextAsync(CancellationToken cancellationToken) => Task.FromResult(CreateDbContext());
    }
}
