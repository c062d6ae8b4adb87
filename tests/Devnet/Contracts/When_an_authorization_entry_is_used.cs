using Payouts.Devnet.Tests.Payouts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Contracts;

/// <summary>Address credentials: the admin signs the call itself, whoever sends it.</summary>
public sealed class When_an_authorization_entry_is_used : NetworkTest
{
    private const long Nonce = 4_711;

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_pay_without_the_admin_signing_the_envelope()
    {
        var record = await Net.ApplyAsync(await WithEntryAsync(Net.Account("channel"), "winner"));

        record.Status.ShouldBe(TransactionStatus.SUCCESS, string.Join(' ', record.DiagnosticEvents.Select(one => one.Decode())));
        Net.Ledger.Payouts().ShouldHaveSingleItem();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_consume_a_nonce_once_until_it_expires()
    {
        await Net.ApplyAsync(await WithEntryAsync(Net.Account("channel 1"), "winner 1"));
        var again = await SimulateAsync(Net.Account("channel 2"), Entry("winner 2"), "winner 2");

        again.ShouldBeOfType<SimulationResult.Failed>().Error.ShouldContain("Error(Auth, ExistingValue)");
    }

    /// <summary>However soon the signature expires: a temporary entry lives 17,280 ledgers, the one it is made in among them.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_remember_a_nonce_for_the_shortest_life_of_a_temporary_entry()
    {
        var record = await Net.ApplyAsync(await WithEntryAsync(Net.Account("channel"), "winner"));
        var key = new LedgerKey.ContractData(new LedgerKeyContractData(
            new SCAddress.Account(Net.Admin.AccountId.ToXdr()), new SCVal.LedgerKeyNonce(new SCNonceKey(Nonce)), ContractDataDurability.TEMPORARY));

        var entry = (await Net.Rpc.GetLedgerEntriesAsync([key], TestNetwork.Cancellation)).Entries.ShouldHaveSingleItem();
        entry.LiveUntilLedger.ShouldBe(record.Ledger + 17_280 - 1);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_let_only_one_of_two_envelopes_with_the_same_nonce_through()
    {
        var one = await WithEntryAsync(Net.Account("channel 1"), "winner");
        var two = await WithEntryAsync(Net.Account("channel 2"), "winner");
        await Net.SendAsync(one);
        await Net.SendAsync(two);
        Net.CloseLedger();

        var ends = new[] { await Net.FindAsync(one.Hash(Net.Network)), await Net.FindAsync(two.Hash(Net.Network)) };

        ends.Select(end => end.ShouldNotBeNull().Status).Order().ShouldBe([TransactionStatus.SUCCESS, TransactionStatus.FAILED]);
        Net.Ledger.Balance(TestNetwork.Key("winner").AccountId.ToString()).ShouldBe(1_050_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_keep_the_nonce_when_the_transaction_fails()
    {
        var transaction = await WithEntryAsync(Net.Account("channel 1"), "winner");
        var poor = Queue.When_the_queue_is_asked.WithResources(transaction, resources => resources with { Instructions = 1_000_000 }).Sign(Net.Network, TestNetwork.Key("channel 1"));
        var failed = await Net.ApplyAsync(poor);

        When_a_payout_is_sent.Code(failed).ShouldBeOfType<InvokeHostFunctionResult.ResourceLimitExceeded>();
        (await Net.ApplyAsync(await WithEntryAsync(Net.Account("channel 2"), "winner"))).Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_a_signature_that_has_expired()
    {
        var channel = Net.Account("channel");
        var transaction = await WithEntryAsync(channel, "winner", expirationLedgers: 1, validSeconds: 3_600);
        Net.CloseLedger();
        Net.CloseLedger();

        var record = await Net.ApplyAsync(transaction);

        When_a_payout_is_sent.Code(record).ShouldBeOfType<InvokeHostFunctionResult.Trapped>();
        Net.Ledger.Payouts().ShouldBeEmpty();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_an_entry_for_another_amount_and_one_signed_by_another_key()
    {
        var channel = Net.Account("channel");
        var other = Entry("winner", amount: 1);
        var forged = SorobanAuthorization.WithSignature(
            Entry("winner"), Net.Admin.AccountId, TestNetwork.Key("mallory").Sign(SorobanAuthorization.Hash(Entry("winner"), Net.Network).Value.Span));

        (await SimulateAsync(channel, other, "winner")).ShouldBeOfType<SimulationResult.Failed>().Error.ShouldContain("Error(Auth, InvalidAction)");
        (await SimulateAsync(channel, forged, "winner")).ShouldBeOfType<SimulationResult.Failed>().Error.ShouldContain("Error(Auth, InvalidAction)");
    }

    private SorobanAuthorizationEntry Entry(string winner, long amount = 50_000_000, uint expirationLedgers = 100)
    {
        var call = (HostFunction.InvokeContract)Net.Contract.Pay(Net.Order(Net.Account(winner, 0), amount)).Function;
        var invocation = new SorobanAuthorizedInvocation(new SorobanAuthorizedFunction.ContractFn(call.Value), []);
        var credentials = new SorobanAddressCredentials(Net.Admin.AccountId.ToScAddress(), Nonce, Net.Ledger.LatestLedger + expirationLedgers, new SCVal.Void());
        return SorobanAuthorization.Sign(new SorobanAuthorizationEntry(new SorobanCredentials.Address(credentials), invocation), Net.Network, Net.Admin);
    }

    private Task<SimulationResult> SimulateAsync(KeyPair channel, SorobanAuthorizationEntry entry, string winner) =>
        Net.Rpc.SimulateTransactionAsync(Call(channel, entry, winner, 300).ToEnvelope(), TestNetwork.Cancellation);

    private async Task<Transaction> WithEntryAsync(KeyPair channel, string winner, uint expirationLedgers = 100, int validSeconds = 300)
    {
        if (Net.Ledger.SequenceNumber(TestNetwork.Key(winner).AccountId) is null)
        {
            Net.Account(winner);
        }

        return (await Net.AssembleAsync(Call(channel, Entry(winner, expirationLedgers: expirationLedgers), winner, validSeconds))).Sign(Net.Network, channel);
    }

    private Transaction Call(KeyPair channel, SorobanAuthorizationEntry entry, string winner, int validSeconds) =>
        Net.Build(channel, Net.Contract.Pay(Net.Order(TestNetwork.Key(winner))) with { Authorizations = [entry] }, validSeconds).Build();
}
