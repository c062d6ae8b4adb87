using Payouts.Builder.Lanes;
using Payouts.Builder.Tests.Building;
using Payouts.Builder.Tests.Support;
using Payouts.Devnet.Faults;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

/// <summary>Channels that come, go, and come back: what the pool makes of the settings and of a real ledger.</summary>
public sealed class When_the_list_of_channels_changes(Servers servers)
{
    private static readonly ChannelDecision Decision = new("Ana", "for the test");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_lease_only_what_is_listed(string database)
    {
        await using var network = await BuildingNetwork.StartAsync();
        await using var store = await BuilderStore.CreateAsync(servers, database);
        var (one, two) = (network.Channel, Sample.Key("second channel"));
        network.Ledger.Grant(two.AccountId, 1_000_000_000);
        await StepAsync(store, network, one.AccountId, two.AccountId);

        await StepAsync(store, network, two.AccountId);
        await store.AddAsync(store.Waiting(1), store.Waiting(2));
        await LeaseAsync(store, 1);

        (await store.PayoutsAsync()).Select(x => x.Channel).Order(StringComparer.Ordinal).ShouldBe([null, two.AccountId.ToString()], ignoreOrder: true);
        (await StateAsync(store, one)).ShouldBe(ChannelState.Removed);

        await ApplyAsync(network, one, new BumpSequenceOperation(0));
        await StepAsync(store, network, one.AccountId, two.AccountId);
        await LeaseAsync(store, 2);
        (await store.PayoutsAsync()).Single(x => x.Channel == one.AccountId.ToString()).SequenceNumber
            .ShouldBe(network.Ledger.SequenceNumber(one.AccountId)!.Value + 1, "it is listed again, and somebody else used it meanwhile");
    }

    /// <summary>
    /// A merged account that is created anew begins at its ledger's first number, far above the lane's. Nothing is leased before that number is read,
    /// and a node that lags, which shows the old account or none, is not believed.
    /// </summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_go_on_at_the_number_of_an_account_that_was_merged_and_created_anew(string database)
    {
        await using var network = await BuildingNetwork.StartAsync();
        await using var store = await BuilderStore.CreateAsync(servers, database);
        var (channel, other) = (network.Channel, Sample.Key("second channel"));
        network.Ledger.Grant(other.AccountId, 1_000_000_000);
        await StepAsync(store, network, channel.AccountId, other.AccountId);
        var before = (await RowAsync(store, channel)).NextSequence.ShouldNotBeNull();
        await store.Desk().RetireAsync(channel.AccountId.ToString(), Decision, Cancelled);
        (await StateAsync(store, channel)).ShouldBe(ChannelState.Drained);

        await ApplyAsync(network, channel, new AccountMergeOperation(Sample.Admin.AccountId));
        network.Ledger.SequenceNumber(channel.AccountId).ShouldBeNull();
        network.Close(3);
        await StepAsync(store, network, channel.AccountId, other.AccountId);
        (await RowAsync(store, channel)).NextSequence.ShouldBe(before, "nobody looks for the account of a channel that retires");
        await ApplyAsync(network, Sample.Admin, new CreateAccountOperation(channel.AccountId, 1_000_000_000));
        var created = network.Ledger.LatestLedger;

        await store.Desk().KeepAsync(channel.AccountId.ToString(), Decision with { FromLedger = created }, Cancelled);
        (await StateAsync(store, channel)).ShouldBe(ChannelState.Unread);
        await store.AddAsync(store.Waiting(1), store.Waiting(2));
        await LeaseAsync(store, 1);
        (await store.PayoutsAsync()).Select(x => x.Channel).ShouldNotContain(channel.AccountId.ToString(), "its old number is worth nothing");

        network.Ledger.Faults.Add(new FaultRule { Kind = FaultKind.LaggingNode, Ledgers = 5, Count = 1 });
        await StepAsync(store, network, channel.AccountId, other.AccountId);
        (await StateAsync(store, channel)).ShouldBe(ChannelState.Unread, "that ledger is older than the account");
        await StepAsync(store, network, channel.AccountId, other.AccountId);
        await LeaseAsync(store, 2);

        var first = ((long)created << 32) + 1;
        first.ShouldBeGreaterThan(before);
        (await store.PayoutsAsync()).Single(x => x.Channel == channel.AccountId.ToString()).SequenceNumber.ShouldBe(first);
        network.Ledger.SequenceNumber(channel.AccountId).ShouldBe(first - 1);
    }

    private static async Task StepAsync(BuilderStore store, BuildingNetwork network, params IReadOnlyList<AccountId> listed)
    {
        using var pool = store.Pool(network.Rpc, listed);
        await pool.StepOnceAsync(Cancelled);
    }

    private static async Task ApplyAsync(BuildingNetwork network, KeyPair source, Operation operation)
    {
        var transaction = new TransactionBuilder(source.AccountId, network.Ledger.SequenceNumber(source.AccountId).ShouldNotBeNull() + 1)
            .Add(operation).ValidUntil(network.Clock.GetUtcNow().AddMinutes(5)).Build().Sign(network.Ledger.Network, source);
        (await network.Rpc.SendTransactionAsync(transaction.ToBase64(), transaction.Hash(network.Ledger.Network), Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        network.Close();
        (await network.Rpc.GetTransactionAsync(transaction.Hash(network.Ledger.Network), Cancelled)).ShouldBeOfType<TransactionLookup.Found>()
            .Transaction.Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    private static Task LeaseAsync(BuilderStore store, int leased) => When_slots_are_leased.RunAsync(store, async () =>
        await Probe.Until($"{leased} hold a slot", async _ => (await store.PayoutsAsync()).Count(x => x.Slot is not null) == leased));

    private static Task<Channel> RowAsync(BuilderStore store, KeyPair channel) => store.ChannelAsync(channel.AccountId.ToString());

    private static async Task<ChannelState> StateAsync(BuilderStore store, KeyPair channel) => (await RowAsync(store, channel)).StateAt(store.Clock.GetUtcNow(), 1);
}
