using Payouts.Tests.Simulation.Judging;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Runs;

/// <content>What the scheduler picks from while faulty, and how it brings everything to its end afterwards.</content>
internal sealed partial class Run
{
    private const int DeliverWeight = 14;
    private const int LoopWeight = 14;
    private const int CloseWeight = 6;
    private const int TickWeight = 6;

    /// <summary>Turns of the fair phase: with the pauses in between hours, far above every timer of the services.</summary>
    private const int TurnsMax = 400;

    private const int LoopStepsMax = 20;

    private int MessagesPerTurnMax => Math.Max(2_000, 40 * _world.Network.Debts.All.Count);

    /// <summary>Messages that join the first one in its transaction.</summary>
    private const int TogetherMax = 5;

    /// <summary>Loops that only measure or sweep old rows: now and then is enough.</summary>
    private static bool IsQuiet(string loop) => loop.Contains("Gauge", StringComparison.Ordinal) || loop.Contains("Cleaner", StringComparison.Ordinal);

    private async Task StepAsync()
    {
        _world.Broker.Step = ++_step;
        StartAgain();
        if (_world.Dice.Chance(_world.Scenario.FaultPerMille))
            _world.Faults.Change();
        _world.Faults.Count();
        var messages = _world.Broker.Deliverable(queue => queue == Parties.ExternalSigner.Queue || OwnersOf(queue).Count > 0);
        var loops = IdleLoops();
        await _world.Dice.Pick(new List<(int, Func<Task>)>
        {
            (messages.Count > 0 ? DeliverWeight + Math.Min(messages.Count, 20) : 0, () => DeliverSomeAsync(messages)),
            (loops.Count > 0 ? LoopWeight : 0, () => LoopSomeAsync(loops)),
            (_parked.Count * 4, () => ResumeAsync(_world.Dice.Pick(_parked))),
            (CloseWeight, () => CloseAsync(1)),
            (TickWeight, () => TickAsync(_world.Dice.Between(1, 6))),
            (IsJumpHarmless() ? 1 : 0, JumpAsync),
            (_world.Late.Count, ArriveAsync),
            (_world.Signer.Pending > 0 ? 3 : 0, AnswerAsync),
            (_world.Signer.Brought.Count > 0 ? 2 : 0, BringAsync),
            (2, DecideAsync),
            (_world.Scenario.CallsRoundsOff ? 3 : 0, CallOffAsync),
            (_world.Scenario.AdminPaysByHand && IsPlanned ? 1 : 0, PayByHandAsync),
            (_world.Scenario.FaultPerMille > 0 && _world.Dice.Chance(200) ? 1 : 0, StrangerAsync),
            (_world.Scenario.CrashPerMille > 0 && _world.Dice.Chance(_world.Scenario.CrashPerMille * 10) ? 1 : 0, KillSomeAsync),
            (_world.Options.Planted is PlantedFault.SecondSlot or PlantedFault.SlotGivenBack ? 2 : 0, PlantAsync),
        })();
    }

    private List<(ServiceProcess Process, string Name, Hosting.Background.BackgroundLoop Loop)> IdleLoops() =>
    [
        .. _processes.OfType<ServiceProcess>().SelectMany(process => process.Loops.Select(x => (process, x.Name, x.Loop)))
            .Where(x => !_parked.Any(flow => flow.Process == x.process && flow.Name == x.Name)),
    ];

    private async Task DeliverSomeAsync(List<(string Queue, QueuedMessage Message)> messages)
    {
        var (queue, message) = _world.Dice.Pick(messages);
        if (_world.Dice.Chance(60))
        {
            _world.Broker.Repeat(queue, message);
            _world.Tally.Add("fault", "RepeatedMessage");
        }

        var others = messages.Where(x => x.Queue == queue && x.Message != message).Select(x => x.Message).ToList();
        if (queue != Parties.ExternalSigner.Queue && others.Count > 0 && _world.Dice.Chance(_world.Scenario.TogetherPerMille))
            await DeliverTogetherAsync(queue, [message, .. Some(others)]);
        else
            await DeliverAsync(queue, message);
    }

    private List<QueuedMessage> Some(List<QueuedMessage> messages)
    {
        var wanted = _world.Dice.Between(1, Math.Min(TogetherMax, messages.Count));
        var chosen = new List<QueuedMessage>();
        for (var i = 0; i < wanted; i++)
        {
            chosen.Add(_world.Dice.Pick(messages));
            messages.Remove(chosen[^1]);
        }

        return chosen;
    }

    private Task ArriveAsync()
    {
        Note("a request that nobody waits for any more");
        return _world.Late.ArriveAsync();
    }

    private async Task LoopSomeAsync(List<(ServiceProcess Process, string Name, Hosting.Background.BackgroundLoop Loop)> loops)
    {
        var (process, name, loop) = _world.Dice.Pick(loops.ConvertAll(x => (WeightOf(x.Name), x)));
        await LoopAsync(process, name, loop);
    }

    /// <summary>A relay is woken when its outbox has something, in the service too; the others come by their clock.</summary>
    private int WeightOf(string loop)
    {
        if (IsQuiet(loop))
            return 1;
        if (!loop.EndsWith("OutboxRelay", StringComparison.Ordinal))
            return 10;
        var service = Database.All.Single(x => loop.StartsWith(x.Replace('_', '-') + ".", StringComparison.Ordinal));
        return _world.Database.Count(service, "select count(*) from outbox") > 0 ? 40 : 1;
    }

    private Task CloseAsync(int ledgers)
    {
        for (var i = 0; i < ledgers; i++)
        {
            var closed = _world.Network.TryClose();
            Note(closed ? $"ledger {_world.Network.Ledger.LatestLedger} closes" : "no ledger closes");
        }

        return Task.CompletedTask;
    }

    private Task TickAsync(int seconds)
    {
        _world.Clock.Advance(TimeSpan.FromSeconds(seconds));
        Note("time goes on");
        return Task.CompletedTask;
    }

    // An event of the game that waits too long for another is refused: that is a law of its own, and not this one's matter.
    private bool IsJumpHarmless() => !_world.Broker.Has(queue => queue.StartsWith("rounds.game", StringComparison.Ordinal));

    private async Task JumpAsync()
    {
        _world.Tally.Add("time", "Jump");
        await TickAsync(_world.Dice.Between(20, 400));
        await CloseAsync(_world.Dice.Between(0, 3));
    }

    private Task AnswerAsync()
    {
        Note("the signer looks at what waits");
        _world.Signer.AnswerDue();
        return Task.CompletedTask;
    }

    private bool IsPlanned => Database.PlannedCount(_world.Database) == _world.Network.Debts.All.Count;

    /// <summary>By message, as programs do, or at payout-builder's door.</summary>
    private async Task DecideAsync()
    {
        Note("an operator looks");
        if (_world.Dice.Chance(500) || !IsPlanned)
            return;
        if (_world.Dice.Chance(300))
            _world.People.Decide();
        else if (_processes.OfType<ServiceProcess>().Where(x => x.Name == "payout-builder").ToList() is { Count: > 0 } builders
            && (builders.Count == 1 ? builders[0] : _world.Dice.Pick(builders)) is var builder)
            await StartAsync(new Flow(builder, "decision"), () => _world.Operators.ActAsync(builder));
    }

    private async Task CallOffAsync()
    {
        Note("the referee looks");
        if (_world.Referee.Open.Count > 0 && _processes.OfType<ServiceProcess>().FirstOrDefault(x => x.Name == "rounds") is { } rounds)
            await StartAsync(new Flow(rounds, "cancellation"), () => _world.Referee.CallOffAsync(rounds));
    }

    private async Task PayByHandAsync()
    {
        Note("the admin looks");
        if (_world.Dice.Chance(200))
            await _world.Admin.PayAsync();
    }

    private async Task BringAsync()
    {
        Note("the signer looks at what it authorized");
        if (!_world.Dice.Chance(300))
            return;
        var brought = _world.Dice.Pick(_world.Signer.Brought);
        _world.Signer.Brought.Remove(brought);
        await _world.Admin.BringAsync(brought.Payout, brought.Entry);
    }

    private Task StrangerAsync()
    {
        Note("a stranger comes");
        _world.People.UseChannel();
        return Task.CompletedTask;
    }

    private Task KillSomeAsync()
    {
        if (_processes.OfType<ServiceProcess>().ToList() is { Count: > 0 } alive)
        {
            var process = _world.Dice.Pick(alive);
            Note($"{process.Label} is killed");
            _world.Points.Die(process, "idle");
            Kill(process);
        }

        return Task.CompletedTask;
    }

    private Task PlantAsync()
    {
        Note("payout-builder forgets a slot");
        _world.Database.Tamper(Database.Builder,
            """
            drop table if exists temp.chosen;
            create temp table chosen as
            select payout_id, channel, sequence_number from payouts
            where current_state in ('AwaitingSignature', 'Submitting', 'AwaitingConfirmation') and channel is not null order by payout_id limit 1;
            delete from slots where payout_id in (select payout_id from chosen);
            update channels set open_slots = (select count(*) from slots s where s.channel = channels.account);
            """ + (_world.Options.Planted == PlantedFault.SecondSlot ? "" : """
            update channels set next_sequence = next_sequence - 1
            where exists (select 1 from chosen c where c.channel = account and c.sequence_number = next_sequence - 1) and open_slots = 0;
            """) + """
            update payouts set channel = null, sequence_number = null, exposed = 0, current_state = 'Building', wake_at = null
            where payout_id in (select payout_id from chosen);
            """);
        return Task.CompletedTask;
    }

    /// <summary>The faults end: nothing is held back, killed, lost or wrong any more.</summary>
    private async Task CalmAsync()
    {
        Note("the faults end");
        _isFaulty = _world.Points.IsFaulty = _world.Signer.IsFaulty = false;
        _world.Faults.Clear();
        _world.Broker.Calm();
        StartAgain(now: true);
        while (_parked.Count > 0)
            await ResumeAsync(_parked[0]);
        while (_world.Late.Count > 0)
            await ArriveAsync();
    }

    /// <summary>Everybody gets turns until all has ended.</summary>
    private async Task FinishAsync()
    {
        string? unfinished = null;
        for (var turn = 0; turn < TurnsMax; turn++)
        {
            _world.Broker.Step = ++_step;
            var moved = false;
            while (await RoundAsync(everyLoop: turn % 50 == 0 && !moved))
                moved = true;
            unfinished = _world.Broker.Count > 0 ? $"{_world.Broker.Count} messages are in the queues" : _world.Final.Unfinished();
            if (unfinished is null && _world.Network.Ledger.PendingTransactions == 0)
                return;
            // Where nothing moves a timer runs: minutes may pass. Late enough in the run for a ledger to close in between, always.
            await CloseAsync(!moved && _world.Scenario.Authorizes ? 4 : 1);
            await TickAsync(moved ? 5 : 20);
        }

        throw new LawBrokenException($"{unfinished} after {TurnsMax} turns without faults");
    }

    /// <summary>Every message and every loop once; true when anything was delivered.</summary>
    private async Task<bool> RoundAsync(bool everyLoop)
    {
        _world.Signer.AnswerDue();
        var delivered = await DeliverAllAsync();
        foreach (var (process, name, loop) in IdleLoops().Where(x => everyLoop || !IsQuiet(x.Name)))
        {
            for (var more = LoopStepsMax; more > 0 && await LoopAsync(process, name, loop); more--)
                delivered |= name.EndsWith("OutboxRelay", StringComparison.Ordinal);
        }

        return delivered;
    }

    private async Task<bool> DeliverAllAsync()
    {
        var delivered = 0;
        while (_world.Broker.Deliverable(_ => true) is { Count: > 0 } messages)
        {
            if (++delivered > MessagesPerTurnMax)
                throw new LawBrokenException($"more than {MessagesPerTurnMax} messages in one turn: somebody talks in a circle");
            var (queue, message) = _world.Dice.Pick(messages);
            await DeliverAsync(queue, message);
        }

        return delivered > 0;
    }
}
