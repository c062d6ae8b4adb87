using System.Text.Json;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Stellar;
using Payouts.Tests.Simulation.Chance;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Parties;

/// <summary>The game backend, the operators, and whoever else has a key: people and programs that the services do not control.</summary>
internal sealed class People(LocalNetwork network, Broker broker, Dice dice, Tally tally, Trace trace, TimeProvider clock)
{
    /// <summary>The game's events, some of them twice; the broker reorders them.</summary>
    public void PublishRounds()
    {
        foreach (var gameEvent in network.Debts.Events(network.Currency))
        {
            var id = dice.Id(clock.GetUtcNow());
            Publish(gameEvent, id);
            if (dice.Chance(200))
                Publish(gameEvent, id);
        }
    }

    /// <summary>An operator decides something about some payout, whatever its state.</summary>
    public void Decide()
    {
        var debt = dice.Pick(network.Debts.All);
        var cancel = dice.Chance(300);
        trace.Add($"operator {(cancel ? "cancels" : "retries")} {debt.PayoutId.Value.ToString()[..8]}");
        tally.Add("operator", cancel ? "Cancel" : "Retry");
        if (cancel)
            Publish(new CancelPayout { PayoutId = debt.PayoutId, By = "operator", Reason = "a complaint" });
        else
            Retry(debt.PayoutId);
    }

    public void Retry(PayoutId payout) => Publish(new RetryPayout { PayoutId = payout, By = "operator", Reason = "try again" });

    /// <summary>Somebody else uses a channel account: a slot that is leased, or the next to be, is consumed by a stranger.</summary>
    public void UseChannel()
    {
        if (network.Channels.Count == 0)
            return;
        var key = dice.Pick(network.Channels);
        var transaction = new TransactionBuilder(key.AccountId, network.Ledger.SequenceNumber(key.AccountId)!.Value + 1)
            .Add(new BumpSequenceOperation(0))
            .InclusionFeePerOperation(1_000_000)
            .ValidUntil(clock.GetUtcNow().AddSeconds(60))
            .Build();
        var answer = network.Ledger.Submit(transaction.Sign(network.Ledger.Network, key).ToEnvelope());
        trace.Add($"a stranger uses {key.AccountId.ToString()[..6]}: {answer.GetType().Name}");
        tally.Add("fault", "StrangerOnChannel");
    }

    private void Publish(object contract, Guid? id = null) => broker.Publish(
        Wire.UrnOf(contract.GetType()), id ?? dice.Id(clock.GetUtcNow()), JsonSerializer.SerializeToUtf8Bytes(contract, contract.GetType(), ContractsJson.Options));
}
