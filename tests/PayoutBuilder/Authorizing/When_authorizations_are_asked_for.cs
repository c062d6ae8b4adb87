using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Builder.Authorizing;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Building;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Hosting.Rpc;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Authorizing;

/// <summary>The keeper of payouts that are to be authorized, on the devnet's own ledger clock.</summary>
public sealed class When_authorizations_are_asked_for(Servers servers)
{
    private const uint LedgersLeftMin = 60;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_ask_with_the_payouts_nonce_and_count_from_the_ledgers_clock(string database)
    {
        await using var network = await BuildingNetwork.StartAsync();
        network.Close(100);
        await using var store = await StoreAsync(network, database);
        var payout = await PlannedAsync(store, 1);

        await StepAsync(store, network);

        var command = (await store.OutboxAsync<AuthorizePayout>()).ShouldHaveSingleItem();
        var stored = await store.PayoutAsync(payout.CorrelationId);
        (stored.AuthorizationHash, stored.AuthorizedUntil, stored.AuthorizationValidUntil, stored.Attempt, stored.CountedBuilds)
            .ShouldBe((command.AuthorizationHash, command.ExpirationLedger, command.ValidUntil, 1, 0));
        // A day of five seconds.
        ((double)(command.ExpirationLedger - network.Ledger.LatestLedger)).ShouldBe(24 * 720, 24 * 720 * 0.05);
        var asked = ((HashIDPreimage.SorobanAuthorization)XdrCodec.FromBase64<HashIDPreimage>(command.PreimageXdr)).Value;
        (asked.Nonce, asked.SignatureExpirationLedger).ShouldBe((payout.Id.AuthorizationNonce(), command.ExpirationLedger));

        await StepAsync(store, network);
        (await store.OutboxAsync<AuthorizePayout>()).Count.ShouldBe(1, "it is asked for once");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_for_200_in_one_transaction()
    {
        await using var network = await BuildingNetwork.StartAsync();
        await using var store = await StoreAsync(network);
        await store.AddAsync(Enumerable.Range(0, 201).Select(number => ToAuthorize(store, number)));

        (await StepAsync(store, network)).ShouldBeTrue("there may be more");
        (await store.OutboxAsync<AuthorizePayout>()).Count.ShouldBe(200);
        (await StepAsync(store, network)).ShouldBeFalse();
        (await store.OutboxAsync<AuthorizePayout>()).Count.ShouldBe(201);
    }

    /// <summary>What may exist is asked for again as it is, while a signer still has the time; after that its end must be proven first.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(LedgersLeftMin, true)]
    [InlineData(LedgersLeftMin - 1, false)]
    public async Task Should_ask_for_the_same_again_as_long_as_60_ledgers_are_left(uint left, bool isAskedAgain)
    {
        await using var network = await BuildingNetwork.StartAsync();
        await using var store = await StoreAsync(network);
        var until = network.Ledger.LatestLedger + left;
        var payout = await PlannedAsync(store, 1, x => (x.AuthorizedUntil, x.AuthorizationAsks) = (until, 1));

        await StepAsync(store, network);

        (await store.OutboxAsync<AuthorizePayout>()).Select(x => x.ExpirationLedger).ShouldBe(isAskedAgain ? [until] : []);
        (await store.OutboxAsync<VerifyPayout>()).Count.ShouldBe(isAskedAgain ? 0 : 1);
        (await store.PayoutAsync(payout.CorrelationId)).AuthorizedUntil.ShouldBe(until);
    }

    /// <summary>The network takes none that ends later than an entry can live.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_end_within_3000000_ledgers()
    {
        await using var network = await BuildingNetwork.StartAsync();
        await using var store = await StoreAsync(network, change: x => x with { AuthorizationValidity = TimeSpan.FromDays(3650) });
        await PlannedAsync(store, 1);
        await StepAsync(store, network);
        (await store.OutboxAsync<AuthorizePayout>()).Single().ExpirationLedger.ShouldBe(network.Ledger.LatestLedger + 3_000_000);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_put_what_cannot_be_written_as_a_call_before_a_human_and_ask_for_its_neighbour()
    {
        await using var network = await BuildingNetwork.StartAsync();
        await using var store = await StoreAsync(network);
        var wrong = await PlannedAsync(store, 1, x => x.Currency = "no symbol at all");
        await PlannedAsync(store, 2);

        await StepAsync(store, network);

        var held = await store.PayoutAsync(wrong.CorrelationId);
        (held.CurrentState, held.HoldCode, held.AuthorizedUntil).ShouldBe((nameof(PayoutStateMachine.OnHold), FailureCode.SimulationFailed, null));
        (await store.OutboxAsync<AuthorizePayout>()).Count.ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_later_when_the_network_cannot_be_asked()
    {
        await using var network = await BuildingNetwork.StartAsync();
        await using var store = await StoreAsync(network);
        await PlannedAsync(store, 1);
        using var http = new HttpClient();
        var deaf = new Stellar.Rpc.SorobanRpcClient(http, new Stellar.Rpc.SorobanRpcOptions { Endpoints = [new Uri("http://127.0.0.1:9/")], ReadAttemptsMax = 1 }, TimeProvider.System);
        (await StepAsync(store, network, new LedgerClock(deaf, TimeProvider.System))).ShouldBeFalse();
        (await store.OutboxAsync<AuthorizePayout>()).ShouldBeEmpty();

        await StepAsync(store, network);
        (await store.OutboxAsync<AuthorizePayout>()).Count.ShouldBe(1);
    }

    /// <summary>With what the signer signed the call is built on any channel, and dies with its authorization at the latest.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(20, true)]
    [InlineData(19, false)]
    public async Task Should_build_with_it_while_20_ledgers_are_left(uint left, bool isBuilt)
    {
        await using var network = await BuildingNetwork.StartAsync();
        network.Close(100);
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);
        var command = network.Command("winner");
        var until = network.Ledger.LatestLedger + left;
        var order = new Stellar.PayoutOrder(new PayoutKey("GAME", 7, 1, Address.Parse(command.Order.Winner)), command.Order.Amount.Value, Currency.Parse("XLM"));
        var entry = PayoutAuthorization.Of(network.Options.Contract, order, Sample.Admin.AccountId, command.PayoutId.AuthorizationNonce(), until);
        command = command with { AuthorizationXdr = XdrCodec.ToBase64(SorobanAuthorization.Sign(entry, network.Ledger.Network, Sample.Admin)) };

        if (!isBuilt)
        {
            (await network.NotBuiltAsync(command)).Code.ShouldBe(FailureCode.AuthorizationExpired);
            return;
        }

        var built = await network.BuiltAsync(command);
        built.MaxLedger.ShouldBe(until);
        var transaction = Stellar.Transaction.FromBase64(built.UnsignedXdr);
        transaction.Body.Operations[0].SourceAccount.ShouldBeNull("it acts for its channel");
        PayoutAuthorization.Carried(transaction).ShouldNotBeNull();
    }

    /// <summary>It is stored between two steps.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("AAAA")]
    [InlineData("no base64")]
    public async Task Should_put_a_payout_before_a_human_whose_kept_authorization_is_damaged(string kept)
    {
        await using var network = await BuildingNetwork.StartAsync();
        var failed = await network.NotBuiltAsync(network.Command("winner") with { AuthorizationXdr = kept });
        (failed.Code, failed.Transient).ShouldBe((FailureCode.SimulationFailed, false));
        failed.Detail.ShouldStartWith("the authorization that is kept for it cannot be read: ");
    }

    private static async Task<bool> StepAsync(BuilderStore store, BuildingNetwork network, LedgerClock? clock = null)
    {
        using var signal = new AuthorizationSignal();
        using var own = clock is null ? new LedgerClock(network.Rpc, TimeProvider.System) : null;
        using var keeper = new AuthorizationKeeper(store.Units, store.Contexts, store.Machine, clock ?? own!, store.Options, signal, store.Clock, NullLogger<AuthorizationKeeper>.Instance);
        return await keeper.StepOnceAsync(Cancelled);
    }

    private async Task<BuilderStore> StoreAsync(BuildingNetwork network, string database = BuilderStore.Sqlite, Func<BuilderOptions, BuilderOptions>? change = null)
    {
        var options = network.Options with { Form = SigningForm.Authorization };
        return await BuilderStore.CreateAsync(servers, database, change?.Invoke(options) ?? options);
    }

    private static async Task<Payout> PlannedAsync(BuilderStore store, int number, Action<Payout>? change = null)
    {
        var payout = ToAuthorize(store, number);
        change?.Invoke(payout);
        await store.AddAsync(payout);
        return payout;
    }

    private static Payout ToAuthorize(BuilderStore store, int number)
    {
        var payout = store.Waiting(number);
        payout.CurrentState = nameof(PayoutStateMachine.Authorizing);
        return payout;
    }
}
