using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Verifying;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Simulation.Judging;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Runs;

/// <summary>
/// One seed, from its rounds' events to their end: a faulty phase in which only safety is asked, then a fair one in which everything must
/// come to its end. One scheduler decides everything that happens.
/// </summary>
internal sealed partial class Run
{
    /// <summary>A flow that neither ends nor waits at a point hangs: a real bound, far above what a step takes.</summary>
    private static readonly TimeSpan HangsAfter = TimeSpan.FromSeconds(30);

    private const int ConstraintViolated = 19;

    private readonly World _world;
    private readonly ServiceProcess?[] _processes;
    private readonly int[] _restartAt;
    private readonly List<Flow> _parked = [];
    private bool _isFaulty = true;
    private int _step;

    private Run(World world) => (_world, _processes, _restartAt) = (world, new ServiceProcess?[world.ProcessesCount], new int[world.ProcessesCount]);

    /// <summary>Runs the seed; whatever a law broke is in the result.</summary>
    public static async Task<RunResult> OfAsync(long seed, RunOptions options)
    {
        using var folders = await Folders.CreateAsync(World.MigrateAsync);
        var world = new World(seed, options, folders.Database);
        var run = new Run(world);
        string? failure = null;
        try
        {
            await run.RunAsync();
        }
        catch (Exception broken) when (broken is LawBrokenException or TimeoutException)
        {
            failure = run.Explain(broken);
        }

        return new RunResult(seed, run._step, world.Trace.Hash(), world.Tally, failure);
    }

    private async Task RunAsync()
    {
        for (var i = 0; i < _processes.Length; i++)
            _processes[i] = _world.Start(i);
        _world.Signer.Bind();
        _world.People.PublishRounds();
        while (_step < _world.Scenario.FaultySteps)
        {
            await StepAsync();
            if (_step % 10 == 0)
                _world.Safety.Judge();
        }

        await CalmAsync();
        _world.Safety.Judge();
        await FinishAsync();
        _world.Safety.Judge();
        _world.Final.Judge();
        await VerifyAsync();
        _world.Tally.Add("step", "Steps", _step);
        _world.Tally.Add("replicas", _world.Scenario.Replicas == 1 ? "One" : "Two");
        foreach (var process in _processes)
            await process!.DisposeAsync();
    }

    /// <summary>Every round is resolved again from its inputs, and every chain followed to its end, by the service's own verifier.</summary>
    private async Task VerifyAsync()
    {
        var rounds = _processes.First(x => x!.Name == "rounds")!;
        VerifyReport? report = null;
        await StartAsync(new Flow(rounds, "verification"), async () =>
        {
            while (await rounds.Service<RoundCheckpoints>().CheckpointAsync(CancellationToken.None) > 0)
                Note("a checkpoint");
            if (_world.Options.Planted == PlantedFault.RowChangedByHand)
                _world.Database.Tamper(Database.Rounds, "update rounds set stakes = stakes || '0' where id = (select min(id) from rounds)");
            report = await rounds.Service<RoundVerifier>().AllAsync(null, CancellationToken.None);
        });
        _world.Final.Judge(report ?? throw new LawBrokenException("the verification of the rounds did not end"));
    }

    private string Explain(Exception broken) => string.Join(Environment.NewLine,
    [
        string.Create(CultureInfo.InvariantCulture, $"seed {_world.Seed}, step {_step}{(_isFaulty ? ", while faulty" : ", after the faults")}: {broken.Message}"),
        "the last actions:",
        .. _world.Trace.Last,
        string.Create(CultureInfo.InvariantCulture, $"replay: ./run.sh simulate --from {_world.Seed} --seeds 1 --trace{(_world.Options.Planted == PlantedFault.None ? "" : $" --planted {_world.Options.Planted}")}"),
    ]);

    private void Note(string action) =>
        _world.Trace.Add(string.Create(CultureInfo.InvariantCulture, $"{_step} {_world.Clock.GetUtcNow():HH:mm:ss} {action}"));

    private async Task StartAsync(Flow flow, Func<Task> work)
    {
        _world.Points.Current = flow;
        After(flow, await flow.StartAsync(work).WaitAsync(HangsAfter));
    }

    private async Task ResumeAsync(Flow flow)
    {
        Note($"{flow.Name} goes on");
        _parked.Remove(flow);
        _world.Points.Current = flow;
        After(flow, await flow.ResumeAsync().WaitAsync(HangsAfter));
    }

    private void After(Flow flow, FlowState state)
    {
        _world.Points.Current = null;
        switch (state)
        {
            case FlowState.Parked:
                _parked.Add(flow);
                break;
            case FlowState.Crashed:
                _world.Points.Die(flow.Process, flow.Process.DiesAt!);
                Kill(flow.Process, flow);
                break;
            case FlowState.Done:
                Finish(flow);
                break;
        }
    }

    private void Finish(Flow flow)
    {
        if (flow.Process.DiesAt is { } point)
        {
            _world.Points.Die(flow.Process, point);
            Kill(flow.Process, flow);
            return;
        }

        var failure = flow.Work.Exception?.InnerException;
        if (flow.Delivery is { } delivery)
        {
            if (failure is not null)
                throw new LawBrokenException($"{flow.Name} was neither handled nor put aside: {failure.GetType().Name}: {failure.Message}");
            if (_isFaulty && _world.Dice.Chance(_world.Scenario.CrashPerMille))
            {
                _world.Points.Die(flow.Process, "before-acknowledge");
                Kill(flow.Process, flow);
                return;
            }

            _world.Broker.Acknowledge(delivery.Queue, delivery.Message);
        }
        else if (failure is not null)
        {
            Note($"{flow.Name} failed: {failure.Message}");
            if (IsOutrun(flow, failure))
                _world.Tally.Add("replicas", "Outrun");
            else if (failure is not SorobanRpcException)
                throw new LawBrokenException($"{flow.Name} failed for a reason that is not the network's: {failure.GetType().Name}: {failure.Message}");
        }
    }

    /// <summary>Two replicas read the ledger from the same place: the row's version, or at first its key, lets one of them take the page in, and the other reads again.</summary>
    private bool IsOutrun(Flow flow, Exception failure) => _world.Scenario.Replicas > 1
        && failure is DbUpdateConcurrencyException or DbUpdateException { InnerException: SqliteException { SqliteErrorCode: ConstraintViolated } }
        && (flow.Name.EndsWith(".LedgerFollower", StringComparison.Ordinal) || flow.Name.EndsWith(".TreasuryReader", StringComparison.Ordinal));

    /// <summary>What the process did and what it held is gone; its messages are delivered again; it starts again some steps later.</summary>
    private void Kill(ServiceProcess process, Flow? running = null)
    {
        process.Kill();
        if (_world.Options.Planted == PlantedFault.OutboxOutsideTheTransaction)
            _world.Database.Tamper(process.Name.Replace('-', '_'), "delete from outbox where id in (select max(id) from outbox)");
        var index = Array.IndexOf(_processes, process);
        _processes[index] = null;
        _restartAt[index] = _step + _world.Dice.Between(0, 15);
        foreach (var flow in _parked.Where(x => x.Process == process).ToList())
        {
            _parked.Remove(flow);
            Return(flow);
        }

        if (running is not null)
            Return(running);
    }

    private static void Return(Flow flow)
    {
        if (flow.Delivery is { } delivery)
            Broker.Return(delivery.Message);
    }

    private void StartAgain(bool now = false)
    {
        for (var i = 0; i < _processes.Length; i++)
        {
            if (_processes[i] is null && (now || _restartAt[i] <= _step))
            {
                _processes[i] = _world.Start(i);
                Note($"{_processes[i]!.Label} starts");
            }
        }
    }

    private List<ServiceProcess> OwnersOf(string queue) => [.. _processes.OfType<ServiceProcess>().Where(x => x.Queues.Contains(queue))];

    /// <param name="process">Who gets it; null: one of those that consume the queue.</param>
    private Task DeliverAsync(string queue, QueuedMessage message, ServiceProcess? process = null)
    {
        message.Deliveries++;
        if (queue == Parties.ExternalSigner.Queue)
        {
            Note($"{queue} {message}");
            _world.Broker.Acknowledge(queue, message);
            _world.Signer.Take(message);
            return Task.CompletedTask;
        }

        process ??= OneOf(queue);
        message.IsUnderWay = true;
        Note($"{queue} {message}{(process.Label == process.Name ? "" : " to the second")}");
        _world.Tally.Add("delivery", message.Deliveries > 1 ? "Again" : "First");
        var flow = new Flow(process, $"{queue} {message}") { Delivery = (queue, message) };
        if (_world.Options.Planted == PlantedFault.AcknowledgeFirst)
            _world.Broker.Acknowledge(queue, message);
        return StartAsync(flow, () => process.DeliverAsync(queue, message));
    }

    private ServiceProcess OneOf(string queue) => OwnersOf(queue) is [var only] ? only : _world.Dice.Pick(OwnersOf(queue));

    /// <summary>The messages come to their inbox one after the other and are handled in one transaction; each is acknowledged by itself, some of them later.</summary>
    private async Task DeliverTogetherAsync(string queue, IReadOnlyList<QueuedMessage> messages)
    {
        var process = OneOf(queue);
        process.Gate.Close();
        foreach (var message in messages)
        {
            if (process.DiesAt is null)
                await DeliverAsync(queue, message, process);
        }

        // Some ended before they came to the inbox, or wait at a call of the network; with a dead process nothing waits.
        var group = process.Gate.Queued.Where(_parked.Contains).ToList();
        if (group.Count > 1)
        {
            Note($"{group.Count} messages of {queue} in one transaction");
            _world.Tally.Add("delivery", "Together", group.Count);
        }

        if (group.Count > 0)
            await ResumeAsync(_world.Dice.Pick(group));
        process.Gate.Open();
    }

    /// <summary>One step of a loop; true when it has more to do.</summary>
    private async Task<bool> LoopAsync(ServiceProcess process, string name, Hosting.Background.BackgroundLoop loop)
    {
        Note(process.Label == process.Name ? name : $"{name} of the second");
        Task<bool>? work = null;
        await StartAsync(new Flow(process, name), () => work = loop.StepOnceAsync(CancellationToken.None));
        return work is { IsCompletedSuccessfully: true, Result: true };
    }
}
