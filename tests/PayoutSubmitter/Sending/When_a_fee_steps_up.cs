using System.Security.Cryptography;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Payouts.Submitter.Sending;
using Payouts.Submitter.Tests.Support;
using FeeBumpTransaction = Payouts.Stellar.FeeBumpTransaction;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Submitter.Tests.Sending;

/// <summary>The ladder of fees, all in stroops: an envelope that bids 100 for its place and 90,000 for its resources. A fee bump counts two operations.</summary>
public sealed class When_a_fee_steps_up
{
    private const long Resources = 90_000;
    private const long Cap = 100_000;

    private static readonly Transaction Inner = new TransactionBuilder(SubmittingNetwork.Key("one").AccountId, 5)
        .Add(InvokeHostFunctionOperation.ContractCall(new ContractId(SHA256.HashData("contract"u8)), "pay"))
        .ValidUntil(DateTimeOffset.FromUnixTimeSeconds(2_000_000_000))
        .SorobanData(new SorobanTransactionData(new SorobanTransactionDataExt.V0(), new SorobanResources(new LedgerFootprint([], []), 1, 1, 1), Resources))
        .Build();

    /// <param name="what">The row's name.</param>
    /// <param name="bumpFee">The whole fee bid now; null: the envelope's own.</param>
    /// <param name="market">For each operation; 0: not known.</param>
    /// <param name="asked">The whole fee that the network named; 0: none.</param>
    /// <param name="mayBePending">A node may hold it.</param>
    /// <param name="expected">The whole fee, or what else follows.</param>
    [Theory]
    [InlineData("the first step doubles the rate", null, 0, 0, false, "Bid 90400")]
    [InlineData("the market is dearer than that", null, 1_000, 0, false, "Bid 92000")]
    [InlineData("the network named a minimum for the envelope", null, 0, Resources + 3_000, false, "Bid 96000")]
    [InlineData("the network named a minimum for the fee bump", 90_400L, 0, Resources + 3_001, false, "Bid 93002")]
    [InlineData("every step doubles", 90_400L, 0, 0, false, "Bid 90800")]
    [InlineData("what may be pending is replaced at ten times its rate", null, 0, 0, true, "Bid 92000")]
    [InlineData("a pending one that cannot be replaced within the cap ages out first", 92_000L, 0, 0, true, "AgeOut")]
    [InlineData("the market is above the cap: the cap is bid", null, 50_000, 0, false, "Bid 100000")]
    [InlineData("the last step is the cap itself", 98_000L, 0, 0, false, "Bid 100000")]
    [InlineData("one stroop below the cap", 99_999L, 0, 0, false, "Bid 100000")]
    [InlineData("at the cap", 100_000L, 0, 0, false, "AboveCap 100000")]
    [InlineData("the network names the cap exactly", null, 0, Resources + 5_000, false, "Bid 100000")]
    [InlineData("the network names one stroop more", null, 0, Resources + 5_001, false, "AboveCap 100002")]
    [InlineData("the network names less than the resources alone", null, 0, 5, false, "Bid 90400")]
    public void Should_bid(string what, long? bumpFee, long market, long asked, bool mayBePending, string expected) =>
        (FeeLadder.Next(Inner, bumpFee, market, asked, mayBePending, Cap) switch
        {
            FeeStep.Bid bid => $"Bid {bid.FeeStroops}",
            FeeStep.AboveCap above => $"AboveCap {above.FeeStroops}",
            var other => other.GetType().Name,
        }).ShouldBe(expected, what);

    [Fact]
    public void Should_reach_the_cap_in_few_steps_and_then_say_so()
    {
        var fees = new List<long>();
        while (FeeLadder.Next(Inner, fees.Count == 0 ? null : fees[^1], 0, 0, mayBePending: false, uint.MaxValue) is FeeStep.Bid bid)
            fees.Add(bid.FeeStroops);

        fees.Count.ShouldBeLessThan(30);
        fees.ShouldBe(fees.Order().Distinct(), "each bid is above the one before");
        fees[^1].ShouldBe(uint.MaxValue);
        fees.ShouldAllBe(fee => FeeBumpTransaction.FeeMin(Inner, false) <= fee);
    }

    [Fact]
    public void Should_not_wrap_at_figures_that_no_network_has() =>
        FeeLadder.Next(Inner, null, long.MaxValue, long.MaxValue, mayBePending: true, Cap).ShouldBeOfType<FeeStep.AboveCap>().FeeStroops.ShouldBe(long.MaxValue);

    [Fact]
    public void Should_not_bump_what_the_cap_does_not_even_allow() =>
        FeeLadder.Next(Inner, null, 0, 0, mayBePending: false, Resources + 199).ShouldBe(new FeeStep.AboveCap(Resources + 200));
}
