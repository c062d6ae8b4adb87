using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Queue;

public sealed class When_fee_bumps_share_a_ledger : NetworkTest
{
    protected override Func<DevnetOptions, DevnetOptions> Change => options => options with { CapacityClassic = 3 };

    /// <summary>A bump counts as two operations, and a rate that is no whole number is rounded down (stellar-core computePerOpFee).</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_count_as_two_operations_and_set_a_price_rounded_down()
    {
        var payer = Net.Account("payer");
        var bump = FeeBumpTransaction.Wrap(Net.NoOp(Net.Account("bumped")), payer.AccountId, 401).Sign(Net.Network, payer);
        var dear = Net.NoOp(Net.Account("dear"), inclusionFee: 900);
        var cheap = Net.NoOp(Net.Account("cheap"), inclusionFee: 100);
        (await Net.SendAsync(bump)).ShouldBeOfType<SendOutcome.Pending>();
        (await Net.SendAsync(dear)).ShouldBeOfType<SendOutcome.Pending>();
        (await Net.SendAsync(cheap)).ShouldBeOfType<SendOutcome.Pending>();

        Net.CloseLedger();

        (await Net.FindAsync(cheap.Hash(Net.Network))).ShouldBeNull();
        TestNetwork.Result((await Net.FindAsync(dear.Hash(Net.Network))).ShouldNotBeNull()).FeeCharged.ShouldBe(200);
        TestNetwork.Result((await Net.FindAsync(bump.Hash(Net.Network))).ShouldNotBeNull()).FeeCharged.ShouldBe(400);
    }
}
