using Payouts.Devnet.Queue;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Limits;

/// <summary>How many winners one ledger can pay at mainnet's limits: what every plan for throughput rests on.</summary>
public sealed class When_a_ledger_is_full_of_payouts : NetworkTest
{
    private const int Payouts = 260;

    [Fact(Timeout = 60_000)]
    public async Task Should_take_single_payouts_up_to_its_instructions_and_the_rest_in_the_next()
    {
        var payouts = new List<Transaction>();
        for (var i = 0; i < Payouts; i++)
        {
            payouts.Add(await Net.PayoutAsync(Net.Account($"channel {i}"), Net.Order(Net.Account($"winner {i}"), round: (uint)i)));
            Net.Ledger.Submit(payouts[i].ToEnvelope()).ShouldBeOfType<QueueAnswer.Pending>();
        }

        Net.CloseLedger();

        var fit = (int)(580_000_000 / payouts.Max(payout => payout.SorobanData!.Resources.Instructions));
        Net.Ledger.Payouts().Count.ShouldBeInRange(fit, fit + 1);
        fit.ShouldBe(227);
        payouts.Sum(Declared.Size).ShouldBeInRange(Payouts * 900, Payouts * 1_100);
        Net.CloseLedger();
        Net.Ledger.Payouts().Count.ShouldBe(Payouts);
    }

    /// <summary>A winner in a batch writes as much as alone (record and balance, two of 1,000 entries), but shares the call's other costs.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_take_more_winners_in_batches()
    {
        const int size = 40;
        var calls = 0;
        for (; calls < 20; calls++)
        {
            var winners = Enumerable.Range(0, size).Select(i => Net.Account($"winner {calls} {i}"));
            var pairs = ScVal.Vec(winners.Select(winner => ScVal.Vec(ScVal.Address(winner.AccountId), ScVal.I128(1))));
            var batch = InvokeHostFunctionOperation.ContractCall(
                Net.Ledger.PayoutContract, "distribute_batch", ScVal.Symbol("GAME"), ScVal.U32(7), ScVal.U32((uint)calls), pairs, ScVal.Symbol("XLM"));
            var channel = Net.Account($"channel {calls}");
            var transaction = (await Net.AssembleAsync(Net.Build(channel, batch with { Source = Net.Admin.AccountId }).Build())).Sign(Net.Network, channel, Net.Admin);
            (await Net.SendAsync(transaction)).ShouldBeOfType<SendOutcome.Pending>();
        }

        Net.CloseLedger();

        Net.Ledger.Payouts().Count.ShouldBe(480);
    }
}
