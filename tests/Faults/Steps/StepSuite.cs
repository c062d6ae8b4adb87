using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Steps;

/// <summary>One long-lived suite whose services can be told to die at a point; each round has players and a number of its own.</summary>
internal sealed class StepSuite : IAsyncDisposable
{
    public const int PlayersPerRound = 5;
    public const int Channels = 20;
    private const int ScenesMax = 3;
    private const int RoundsMax = 400;
    private static readonly TimeSpan SceneMax = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(20);
    private readonly Dictionary<string, StepFolder> _folders;
    private readonly string _formFile;
    private int _rounds;

    private StepSuite(SuiteProcesses suite, ToldGame told, Dictionary<string, StepFolder> folders, string formFile) => (Suite, Told, _folders, _formFile) = (suite, told, folders, formFile);

    public SuiteProcesses Suite { get; }

    /// <summary>Whoever is told of rounds over HTTP.</summary>
    public ToldGame Told { get; }

    public static async Task<StepSuite> StartAsync(Servers servers, CancellationToken cancellationToken)
    {
        var folders = new[] { "rounds", "payout-builder", "payout-signer", "payout-submitter" }.ToDictionary(name => name, _ => new StepFolder(), StringComparer.Ordinal);
        var formFile = Path.GetTempFileName();
        var told = await ToldGame.StartAsync(cancellationToken);
        await File.WriteAllTextAsync(formFile, Scenes.FormOf(Scenes.Start), cancellationToken);
        var options = new SuiteOptions
        {
            Players = [.. Enumerable.Range(0, RoundsMax * PlayersPerRound).Select(SuiteKeys.Player)],
            Channels = Channels,
            // A ledger's time is at least a second after the one before: faster ledgers would run ahead of the services' clocks, by minutes in a long run.
            CloseTime = TimeSpan.FromSeconds(1),
            // Expiry is one of the scenes; a payout that meets it by being killed is built again.
            Extra = new Dictionary<string, string> { ["PAYOUTS_VALIDITY_SECONDS"] = "30", ["PAYOUTS_MAX_ATTEMPTS"] = "50", ["PAYOUTS_CONFIRM_POLL_MS"] = "100" },
            Adjust = (name, settings) =>
            {
                if (folders.TryGetValue(name, out var folder))
                    settings["PAYOUTS_FAULT_STEPS"] = folder.Path;
                if (name == "payout-builder")
                    settings["PAYOUTS_SIGNING_FORM_FILE"] = formFile;
                if (name == "rounds")
                    settings["ROUNDS_WEBHOOKS_FILE"] = told.EndpointsFile;
            },
        };
        return new StepSuite(await SuiteProcesses.StartAsync(servers, options, cancellationToken), told, folders, formFile);
    }

    /// <summary>Every point that any process has passed.</summary>
    public HashSet<string> Passed() => [.. _folders.Values.SelectMany(folder => folder.Passed())];

    /// <summary>Has payout-builder started for what the scene signs. Payouts of other scenes go on as they began.</summary>
    public async Task SwitchAsync(string scene, CancellationToken cancellationToken)
    {
        if (await File.ReadAllTextAsync(_formFile, cancellationToken) == Scenes.FormOf(scene))
            return;
        await File.WriteAllTextAsync(_formFile, Scenes.FormOf(scene), cancellationToken);
        await Suite["payout-builder"].RestartAsync(cancellationToken);
    }

    public SceneRound NextRound(string name)
    {
        var number = Interlocked.Increment(ref _rounds);
        return new SceneRound($"{name}-{number}", (uint)number, [.. Enumerable.Range((number - 1) * PlayersPerRound, PlayersPerRound).Select(SuiteKeys.Player)]);
    }

    /// <summary>Plays a scene in which the process dies at the point; it is started again and the scene must end as if nothing had happened.</summary>
    /// <exception cref="InvalidOperationException">The point was not passed, however often the scene was played.</exception>
    public async Task KillAtAsync(Step step, CancellationToken cancellationToken)
    {
        await SwitchAsync(step.Scene, cancellationToken);
        // A few points need a moment that a slow machine misses.
        for (var tries = 1; tries <= ScenesMax; tries++)
        {
            if (await TryKillAtAsync(step, cancellationToken))
                return;
        }

        throw new InvalidOperationException($"{step.Service} was told to die at {step.Point}, but the scene {step.Scene} never passed there in {ScenesMax} times");
    }

    private async Task<bool> TryKillAtAsync(Step step, CancellationToken cancellationToken)
    {
        var process = Suite[step.Service];
        _folders[step.Service].Arm(step.Point);
        var scene = Scenes.All[step.Scene](this, cancellationToken);
        var died = await DiesAsync(process, step, scene, cancellationToken);
        _folders[step.Service].Disarm();
        // Dead or not: what was armed late may still have fired in between.
        if (!process.IsRunning)
            await process.StartAsync(cancellationToken);
        await scene;
        return died;
    }

    /// <summary>True when the process died at its point; what is passed last, such as an acknowledgement, may come a moment after the scene's end.</summary>
    private static async Task<bool> DiesAsync(ServiceProcess process, Step step, Task scene, CancellationToken cancellationToken)
    {
        try
        {
            await Probe.Until($"{step.Service} dies at {step.Point} or the scene is over", () => !process.IsRunning || scene.IsCompleted, SceneMax, cancellationToken);
            await Probe.Until($"{step.Service} dies at {step.Point}", () => !process.IsRunning, Afterwards, cancellationToken);
            return true;
        }
        catch (ProbeTimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Suite.DisposeAsync();
        await Told.DisposeAsync();
        foreach (var folder in _folders.Values)
            folder.Dispose();
        File.Delete(_formFile);
    }
}

/// <summary>A round of a scene.</summary>
internal sealed record SceneRound(string Id, uint Number, IReadOnlyList<string> Players);
