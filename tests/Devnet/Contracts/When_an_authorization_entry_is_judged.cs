using Payouts.Devnet.Contracts;
using Payouts.Devnet.Soroban;
using Payouts.Devnet.Tests.Payouts;
using Payouts.Devnet.Tests.Queue;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Contracts;

/// <summary>What an address's signature covers, how long it counts, and which kinds of credentials there are (CAP-46-11, CAP-71).</summary>
public sealed class When_an_authorization_entry_is_judged : NetworkTest
{
    private const long Nonce = 4_711;
    private const uint TtlMax = 3_110_400;

    [Theory(Timeout = TimeoutMs)]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public async Task Should_count_in_its_expiration_ledger_and_not_after(int ledgersLeft, bool pays)
    {
        var channel = Net.Account("channel");
        var transaction = await AssembleAsync(channel, Signed(expiration: Net.Ledger.LatestLedger + 2));
        for (var ledger = 0; ledger < 2 - ledgersLeft; ledger++)
        {
            Net.CloseLedger();
        }

        var record = await Net.ApplyAsync(transaction);

        record.Status.ShouldBe(pays ? TransactionStatus.SUCCESS : TransactionStatus.FAILED);
        if (!pays)
        {
            When_a_payout_is_sent.Code(record).ShouldBeOfType<InvokeHostFunctionResult.Trapped>();
            Reasons(record).ShouldContain("signature has expired");
        }
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_not_count_longer_than_an_entry_can_live()
    {
        // A simulation runs in the last closed ledger.
        (await ErrorAsync(Signed(expiration: Net.Ledger.LatestLedger + TtlMax))).ShouldContain("Error(Auth, InvalidInput)");
        (await SimulateAsync(Signed(expiration: Net.Ledger.LatestLedger + TtlMax - 1))).ShouldBeOfType<SimulationResult.Success>();
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Should_cover_network_nonce_expiration_and_call(string version)
    {
        var good = Unsigned(version);
        SorobanAuthorizationEntry Forge(SorobanAuthorizationEntry signedInstead, Network? network = null) => SorobanAuthorization.WithSignature(
            good, Net.Admin.AccountId, Net.Admin.Sign(SorobanAuthorization.Hash(signedInstead, network ?? Net.Network).Value.Span));

        foreach (var forged in new[]
        {
            Forge(good, new Network("Test SDF Network ; September 2015")),
            Forge(Unsigned(version, nonce: Nonce + 1)),
            Forge(Unsigned(version, expiration: Net.Ledger.LatestLedger + 101)),
            Forge(Unsigned(version, amount: 1)),
            Forge(Unsigned(version == "v1" ? "v2" : "v1")),
        })
        {
            (await ErrorAsync(forged)).ShouldContain("Error(Auth, InvalidAction)");
        }

        (await SimulateAsync(SorobanAuthorization.Sign(good, Net.Network, Net.Admin))).ShouldBeOfType<SimulationResult.Success>();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_pay_by_version_2_credentials_and_take_their_nonce_once()
    {
        var channel = Net.Account("channel");
        (await Net.ApplyAsync(await AssembleAsync(channel, SorobanAuthorization.Sign(Unsigned("v2"), Net.Network, Net.Admin)))).Status.ShouldBe(TransactionStatus.SUCCESS);

        Net.Ledger.Payouts().ShouldHaveSingleItem();
        (await ErrorAsync(SorobanAuthorization.Sign(Unsigned("v2", round: 2), Net.Network, Net.Admin), round: 2)).ShouldContain("Error(Auth, ExistingValue)");

        // Versions share the nonces of an address.
        (await ErrorAsync(Signed(round: 2), round: 2)).ShouldContain("Error(Auth, ExistingValue)");
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_record_version_2_credentials_when_asked_to()
    {
        var call = Net.Build(Net.Account("channel"), Net.Contract.Pay(Net.Order(Winner()))).Build().ToEnvelope();

        var upgraded = await Net.Rpc.SimulateTransactionAsync(call, TestNetwork.Cancellation, new SimulationOptions { UseUpgradedAuth = true });
        var usual = await Net.Rpc.SimulateTransactionAsync(call, TestNetwork.Cancellation);

        upgraded.ShouldBeOfType<SimulationResult.Success>().Authorizations.ShouldHaveSingleItem().Credentials.ShouldBeOfType<SorobanCredentials.AddressV2>();
        usual.ShouldBeOfType<SimulationResult.Success>().Authorizations.ShouldHaveSingleItem().Credentials.ShouldBeOfType<SorobanCredentials.Address>();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_refuse_delegates_of_an_account_that_has_no_code_to_ask_for_them()
    {
        var own = SorobanAuthorization.Credentials(SorobanAuthorization.Sign(Unsigned("v2"), Net.Network, Net.Admin));
        var delegated = Unsigned("v2") with { Credentials = new SorobanCredentials.AddressWithDelegates(new SorobanAddressCredentialsWithDelegates(own, [])) };

        var error = await ErrorAsync(delegated);

        error.ShouldContain("Error(Auth, InvalidAction)");
        error.ShouldContain("no delegates");
    }

    /// <summary>A nonce is an address's own: two holders use the same number.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_take_the_same_nonce_of_two_addresses()
    {
        var native = ContractId.FromXdr(new TokenContractIds(Net.Network).Of(new Stellar.Xdr.Asset.Native()));
        foreach (var name in new[] { "one", "two" })
        {
            var holder = Net.Account(name);
            var call = InvokeHostFunctionOperation.ContractCall(native, "transfer", ScVal.Address(holder.AccountId), ScVal.Address(Net.Issuer.AccountId), ScVal.I128(1));
            var invocation = ((HostFunction.InvokeContract)call.Function).Value;
            var entry = SorobanAuthorization.Sign(SorobanAuthorization.ForCall(holder.AccountId, invocation, Nonce, Net.Ledger.LatestLedger + 100), Net.Network, holder);
            var sender = Net.Account($"sender {name}");
            var record = await Net.ApplyAsync((await Net.AssembleAsync(Net.Build(sender, call with { Authorizations = [entry] }).Build())).Sign(Net.Network, sender));
            record.Status.ShouldBe(TransactionStatus.SUCCESS, name);
        }
    }

    /// <summary>The nonce is written in the transaction that fails, and is gone with everything else it wrote.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_give_the_nonce_back_when_the_contract_refuses()
    {
        var entry = Signed();
        var loser = await AssembleAsync(Net.Account("loser"), entry);
        await Net.ApplyAsync(await Net.PayoutAsync(Net.Account("faster"), Net.Order(Winner())));
        ContractErrors.Find((await Net.ApplyAsync(loser)).DiagnosticEvents).ShouldBe(PayoutContract.AlreadyPaid);

        (await Net.ApplyAsync(await AssembleAsync(Net.Account("again"), Signed(round: 2), round: 2))).Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    private KeyPair Winner()
    {
        var key = TestNetwork.Key("winner");
        return Net.Ledger.SequenceNumber(key.AccountId) is null ? Net.Account("winner") : key;
    }

    private SorobanAuthorizationEntry Signed(uint? expiration = null, uint round = 1) =>
        SorobanAuthorization.Sign(Unsigned("v1", expiration: expiration, round: round), Net.Network, Net.Admin);

    private SorobanAuthorizationEntry Unsigned(string version, long nonce = Nonce, uint? expiration = null, long amount = 50_000_000, uint round = 1)
    {
        var call = ((HostFunction.InvokeContract)Net.Contract.Pay(Net.Order(Winner(), amount, round)).Function).Value;
        var entry = SorobanAuthorization.ForCall(Net.Admin.AccountId, call, nonce, expiration ?? Net.Ledger.LatestLedger + 100);
        return version == "v1" ? entry : entry with { Credentials = new SorobanCredentials.AddressV2(((SorobanCredentials.Address)entry.Credentials).Value) };
    }

    private Transaction Call(KeyPair channel, SorobanAuthorizationEntry entry, uint round) =>
        Net.Build(channel, Net.Contract.Pay(Net.Order(Winner(), round: round)) with { Authorizations = [entry] }, validSeconds: 3_600).Build();

    private async Task<Transaction> AssembleAsync(KeyPair channel, SorobanAuthorizationEntry entry, uint round = 1) =>
        (await Net.AssembleAsync(Call(channel, entry, round))).Sign(Net.Network, channel);

    private Task<SimulationResult> SimulateAsync(SorobanAuthorizationEntry entry, uint round = 1) =>
        Net.Rpc.SimulateTransactionAsync(Call(Net.Admin, entry, round).ToEnvelope(), TestNetwork.Cancellation);

    private async Task<string> ErrorAsync(SorobanAuthorizationEntry entry, uint round = 1) =>
        (await SimulateAsync(entry, round)).ShouldBeOfType<SimulationResult.Failed>().Error;

    private static string Reasons(TransactionRecord record) => string.Join(' ', record.DiagnosticEvents.Select(one => EventText.Of(one.Decode().Event)));
}
