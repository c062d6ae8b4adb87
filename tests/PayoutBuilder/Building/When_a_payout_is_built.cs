using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Building;

public sealed class When_a_payout_is_built
{
    [Fact(Timeout = 60_000)]
    public async Task Should_be_the_envelope_that_was_ordered_on_its_slot()
    {
        await using var network = await BuildingNetwork.StartAsync();
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);
        network.Ledger.CloseLedger(3);
        var closedAt = DateTimeOffset.FromUnixTimeSeconds((long)network.Ledger.LatestCloseTime);
        var command = network.Command("winner");

        var built = await network.BuiltAsync(command);

        (built.PayoutId, built.Attempt, built.Slot).ShouldBe((command.PayoutId, command.Attempt, command.Slot));
        var transaction = Transaction.FromBase64(built.UnsignedXdr);
        transaction.Hash(network.Ledger.Network).ToString().ShouldBe(built.TransactionHash);
        transaction.Signatures.ShouldBeEmpty();
        (transaction.Source.ToString(), transaction.SequenceNumber).ShouldBe((command.Slot.Channel, command.Slot.SequenceNumber));
        var operation = transaction.Body.Operations.ShouldHaveSingleItem();
        AccountId.FromXdr(operation.SourceAccount!).ShouldBe(Sample.Admin.AccountId);
        var call = network.Options.Contract.Decode(operation).ShouldBeOfType<DecodedPayout.Call>();
        (call.Context, call.PoolId, call.RoundId, call.Winner.ToString(), call.Amount, call.Currency!.ToString())
            .ShouldBe(("GAME", 7u, 1u, command.Order.Winner, (Int128)50_000_000, "XLM"));
        built.ValidUntil.ShouldBe(closedAt + network.Options.Validity, "counted from the ledger's clock");
        transaction.TimeBounds!.MaxTime.ShouldBe((ulong)built.ValidUntil.ToUnixTimeSeconds());
        transaction.LedgerBounds!.MaxLedger.ShouldBe(built.MaxLedger);
        built.MaxLedger.ShouldBeGreaterThan(network.Ledger.LatestLedger + 19);
        ((long)transaction.Fee).ShouldBe(built.FeeStroops);
        built.FeeStroops.ShouldBeInRange(100, network.Options.FeeMaxStroops);

        (await network.ApplyAsync(built)).Status.ShouldBe(TransactionStatus.SUCCESS);
        network.Ledger.Balance(command.Order.Winner).ShouldBe(150_000_000);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(FaultKind.ServiceUnavailable, "getHealth")]
    [InlineData(FaultKind.LostReply, "getFeeStats")]
    [InlineData(FaultKind.GatewayTimeout, "simulateTransaction")]
    [InlineData(FaultKind.TooManyRequests, "simulateTransaction")]
    public async Task Should_wait_for_a_network_that_cannot_be_asked(FaultKind kind, string method)
    {
        await using var network = await BuildingNetwork.StartAsync();
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);
        network.Ledger.Faults.Add(new FaultRule { Kind = kind, Method = method });
        var command = network.Command("winner");

        var failed = await network.NotBuiltAsync(command);

        Told(failed).ShouldBe((FailureCode.NetworkUnavailable, true));
        (failed.Stage, failed.Attempt, failed.Slot).ShouldBe((PayoutStage.Build, command.Attempt, command.Slot));
        failed.Detail.ShouldContain(method);
        network.Ledger.Faults.Clear();
        await network.BuiltAsync(command);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_wait_when_nobody_listens_at_all()
    {
        await using var network = await BuildingNetwork.StartAsync();
        var nowhere = new Uri($"http://127.0.0.1:{FreePort.Next()}/");

        Told(await network.NotBuiltAsync(network.Command("winner"), network.Factory(endpoint: nowhere))).ShouldBe((FailureCode.NetworkUnavailable, true));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_not_cost_more_than_the_cap()
    {
        await using var network = await BuildingNetwork.StartAsync();
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);
        var fee = (await network.BuiltAsync(network.Command("winner"))).FeeStroops;

        (await network.BuiltAsync(network.Command("winner"), network.Factory(x => x with { FeeMaxStroops = fee }))).FeeStroops.ShouldBe(fee);
        var above = await network.NotBuiltAsync(network.Command("winner"), network.Factory(x => x with { FeeMaxStroops = fee - 1 }));
        Told(above).ShouldBe((FailureCode.FeeAboveCap, false));
        above.Detail.ShouldContain($"the cap is {fee - 1} (PAYOUTS_MAX_GAS_STROOPS)");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_that_the_contract_is_paused()
    {
        await using var network = await BuildingNetwork.StartAsync(paused: true);
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);

        Told(await network.NotBuiltAsync(network.Command("winner"))).ShouldBe((FailureCode.ContractPaused, false));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_that_the_debt_is_paid_already()
    {
        await using var network = await BuildingNetwork.StartAsync();
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);
        await network.ApplyAsync(await network.BuiltAsync(network.Command("winner")));

        var again = await network.NotBuiltAsync(network.Command("winner", stroops: 60_000_000));

        Told(again).ShouldBe((FailureCode.AlreadyPaid, false));
        again.Detail.ShouldContain("get_payout");
    }

    /// <summary>Nobody has used the contract for months: what it needs is restored by the payout itself.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_restore_what_is_archived_as_it_pays()
    {
        await using var network = await BuildingNetwork.StartAsync();
        network.Ledger.Grant(Sample.Key("winner").AccountId, 100_000_000);
        network.Ledger.ArchiveInstance(network.Ledger.PayoutContract).ShouldBeTrue();
        network.Ledger.ArchiveBalance(network.Ledger.PayoutContract).ShouldBeTrue();

        var built = await network.BuiltAsync(network.Command("winner"));

        (await network.ApplyAsync(built)).Status.ShouldBe(TransactionStatus.SUCCESS);
        network.Ledger.Payouts().ShouldHaveSingleItem();
    }

    /// <summary>The token's error 6 is a missing account; the payout contract's 6 is "paused". Whose number it is decides.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("XLM", 9_999_999, 6)]
    [InlineData("USDC", 50_000_000, 13)]
    public async Task Should_say_that_the_winner_cannot_be_paid(string currency, long stroops, int tokenError)
    {
        await using var network = await BuildingNetwork.StartAsync();
        if (currency == "USDC")
            network.Ledger.Grant(Sample.Key("nobody").AccountId, 100_000_000);

        var failed = await network.NotBuiltAsync(network.Command("nobody", stroops, currency));

        Told(failed).ShouldBe((FailureCode.ContractRefused, false));
        failed.Detail.ShouldStartWith($"error #{tokenError} of C");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_be_refused_without_a_contract_error_too()
    {
        await using var network = await BuildingNetwork.StartAsync();
        var failed = await network.NotBuiltAsync(network.Command("winner"), network.Factory(x => x with { Contract = new PayoutContractCall(network.Ledger.PayoutContract, "no_such_method") }));

        Told(failed).ShouldBe((FailureCode.SimulationFailed, false));
    }

    private static (FailureCode Code, bool Transient) Told(PayoutFailed failed) => (failed.Code, failed.Transient);
}
