using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Sagas;
using Payouts.Stellar;

namespace Payouts.Builder.Saga;

/// <content>
/// Several winners in one transaction. The leader owns the slot and hears of it; its members wait in Grouped and are told of the slot's end in
/// the transaction that ends it. A group that fails is halved until who fails stands alone.
/// </content>
public sealed partial class PayoutStateMachine
{
    private SagaRaiser<BuilderDbContext, Payout>? _raiser;

    /// <summary>A prize is taken by the contract once, with all its winners: its group stays whole.</summary>
    private bool MaySplit(Payout payout) => payout.Members.Count > 0 && _options.Contract.Layout.Shape != PayoutShape.Prize;

    /// <summary>Tells the members; a payout without any is left as it is.</summary>
    private EventActivityBinder<Payout, T> EndGroup<T>(EventActivityBinder<Payout, T> binder, GroupOutcome outcome)
        where T : class => binder.ThenAsync(async x =>
        {
            var (left, leader) = (x.Saga.Members, x.Saga);
            leader.Members = [];
            await TellAsync(x, left, outcome);
        });

    /// <summary>The build of a group failed: half of it goes on with this slot, the others get one of their own.</summary>
    private EventActivityBinder<Payout, PayoutFailed> Split(EventActivityBinder<Payout, PayoutFailed> binder) => binder
        .Then(x => x.Note($"a group of {x.Saga.Members.Count + 1}: {x.Message.Code}: {x.Message.Detail}; tried in halves"))
        .Then(x => x.Saga.Narrow())
        .Then(x => x.Saga.BuildsToSplit++)
        .IfElse(x => !x.Saga.Exposed, Part,
            // An envelope that pays them all may be signed: they part when the slot is dead.
            exposed => exposed.IfElse(x => x.Saga.BurnUntil is null,
                end => EndSlot(end.If(x => !_options.CanBurn(x.Saga.Channel!), proof => proof.Then(x => x.Saga.AwaitOutcome(x.Now())))),
                hold => HoldAndBurn(hold, x => (x.Message.Stage, x.Message.Code, x.Message.Detail))));

    /// <summary>Half of the group goes on with this slot, of which nobody can have a living envelope; the others get one of their own.</summary>
    private EventActivityBinder<Payout, T> Part<T>(EventActivityBinder<Payout, T> binder)
        where T : class => binder
        .ThenAsync(async x =>
        {
            var (leader, members) = (x.Saga, x.Saga.Members);
            var kept = leader.GroupSizeMax!.Value - 1;
            leader.Members = [.. members.Take(kept)];
            await TellAsync(x, [.. members.Skip(kept)], GroupOutcome.Free);
        })
        .Then(x => x.Saga.NextAttempt(x.Now()))
        .Publish(x => x.Saga.BuildCommand());

    /// <summary>The group failed, and now nothing stands against halving it.</summary>
    private bool IsTooLarge(Payout payout) => MaySplit(payout) && payout.Members.Count >= payout.GroupSizeMax;

    /// <summary>The ledger refused a group: nobody in it was paid, and one of them is the reason.</summary>
    private EventActivityBinder<Payout, PayoutFailed> TryHalves(EventActivityBinder<Payout, PayoutFailed> binder) =>
        Lose(binder
            .Then(x => x.Note($"a group of {x.Saga.Members.Count + 1}: {x.Message.Code}: {x.Message.Detail}; tried in halves"))
            .Then(x => x.Saga.Narrow())
            .Then(x => x.Saga.BuildsToSplit++))
        .Then(x => x.Saga.ClearHold(x.Now()))
        .TransitionTo(Building);

    private EventActivityBinder<Payout, GroupEnded> LeaveGroup(EventActivityBinder<Payout, GroupEnded> binder) => binder
        .If(x => x.Message.Outcome == GroupOutcome.Paid, paid => paid
            .Then(x => x.Saga.ConfirmInGroup(x.Message))
            .Publish(x => x.Saga.Settled(PayoutOutcome.Confirmed))
            .TransitionTo(Confirmed))
        .If(x => x.Message.Outcome == GroupOutcome.Built, built => built
            .Then(x => x.Saga.LeaveGroup(x.Message))
            .TransitionTo(Built))
        .If(x => x.Message.Outcome == GroupOutcome.Free, free => free
            .Then(x => x.Saga.LeaveGroup(x.Message))
            .TransitionTo(Building))
        .If(x => x.Message.Outcome == GroupOutcome.NotAsOrdered, held => Hold(
            held.Then(x => x.Saga.LeaveGroup(x.Message)), x => x.Message.Why!.Value));

    private async Task TellAsync<T>(BehaviorContext<Payout, T> context, IReadOnlyList<GroupMember> members, GroupOutcome outcome)
        where T : class
    {
        if (members.Count == 0)
            return;
        var leader = context.Saga;
        var (hash, ledger) = context.Message switch
        {
            PayoutConfirmed paid => (paid.TransactionHash, (uint?)paid.Ledger),
            PayoutVerified paid => (paid.TransactionHash, paid.Ledger),
            _ => (leader.TransactionHash, null),
        };
        var why = outcome switch
        {
            GroupOutcome.NotAsOrdered => (PayoutStage.Confirm, FailureCode.NotTransferred, $"the transaction of its group, led by {leader.Id}, succeeded otherwise than ordered"),
            _ => ((PayoutStage, FailureCode, string)?)null,
        };
        var instances = SagaInstances<BuilderDbContext, Payout>.Of(context.Unit());
        await instances.LockAsync(members.Select(x => x.PayoutId), context.CancellationToken);
        _raiser ??= new SagaRaiser<BuilderDbContext, Payout>(this);
        foreach (var member in members)
        {
            var payout = await instances.FindAsync(member.PayoutId, context.CancellationToken)
                ?? throw new InvalidOperationException($"payout {member.PayoutId} of the group of {leader.Id} is gone");
            await _raiser.RaiseAsync(context.Unit(), payout, GroupEnded, new GroupEnded
            {
                PayoutId = payout.Id,
                LeaderId = leader.CorrelationId,
                Outcome = outcome,
                TransactionHash = hash,
                Ledger = ledger,
                SizeMax = leader.GroupSizeMax,
                Restores = leader.Restores,
                Why = why,
            }, context.CancellationToken);
        }
    }
}
