using System.CommandLine;
using Payouts.Bench.Codec;
using Payouts.Bench.Pipeline;
using Payouts.Bench.Resolving;
using Payouts.Bench.Signers;
using Payouts.Bench.Start;

namespace Payouts.Bench;

/// <summary>./run.sh bench: what it measures and how much of it.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
    {
        var payouts = new Option<int>("--payouts") { Description = "payouts in the measured round", DefaultValueFactory = _ => 3000 };
        var channels = new Option<int>("--channels") { Description = "channel accounts, at most 1000", DefaultValueFactory = _ => 600 };
        var closeTime = new Option<int>("--close-time-ms") { Description = "how often the devnet closes a ledger", DefaultValueFactory = _ => 1000 };
        var hot = new Option<bool>("--hot-key") { Description = "sign in payout-signer instead of asking the local signer" };
        var noFsync = new Option<bool>("--no-fsync") { Description = "PostgreSQL answers a commit before it is on the disk: what durability costs, to compare with" };
        var json = new Option<FileInfo?>("--json") { Description = "also write the results to this file" };
        var root = new RootCommand("Settled payouts a second through the four services on RabbitMQ and PostgreSQL with durable settings, beside this machine's own ceilings.")
        {
            payouts, channels, closeTime, hot, noFsync, json, Codec(), Signers(), Resolve(), Start(),
        };
        root.SetAction((parsed, cancellationToken) => PipelineBench.RunAsync(
            new BenchOptions(
                Math.Clamp(parsed.GetValue(payouts), 10, 10_000),
                Math.Clamp(parsed.GetValue(channels), 1, 1000),
                TimeSpan.FromMilliseconds(Math.Clamp(parsed.GetValue(closeTime), 100, 60_000)),
                parsed.GetValue(hot),
                parsed.GetValue(noFsync),
                parsed.GetValue(json)),
            cancellationToken));
        return root.Parse(args).InvokeAsync();
    }

    private static Command Codec()
    {
        var json = new Option<FileInfo?>("--json") { Description = "also write the results to this file" };
        var codec = new Command("codec", "XDR, hashes, signatures and addresses beside the official JavaScript SDK (needs Node.js) and bare NSec, on the same inputs.") { json };
        codec.SetAction((parsed, cancellationToken) => CodecBench.RunAsync(parsed.GetValue(json), cancellationToken));
        return codec;
    }

    private static Command Start()
    {
        var starts = new Option<int>("--starts") { Description = "starts of each service, at most 50", DefaultValueFactory = _ => 5 };
        var idle = new Option<int>("--idle-seconds") { Description = "how long nothing happens before the memory is read", DefaultValueFactory = _ => 30 };
        var published = new Option<bool>("--published") { Description = "publish the programs first, by the commands of their Dockerfiles, and measure those" };
        var json = new Option<FileInfo?>("--json") { Description = "also write the results to this file" };
        var start = new Command("start", "Seconds from start to ready and from SIGTERM to the end of each service, and its memory when it is idle.") { starts, idle, published, json };
        start.SetAction((parsed, cancellationToken) => StartBench.RunAsync(
            new StartOptions(
                Math.Clamp(parsed.GetValue(starts), 1, 50),
                TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(idle), 1, 600)),
                parsed.GetValue(published),
                parsed.GetValue(json)),
            cancellationToken));
        return start;
    }

    private static Command Signers()
    {
        var seconds = new Option<int>("--seconds") { Description = "how long each row is measured", DefaultValueFactory = _ => 3 };
        var atOnce = new Option<int>("--at-once") { Description = "signatures under way at once, at most 64", DefaultValueFactory = _ => 8 };
        var json = new Option<FileInfo?>("--json") { Description = "also write the results to this file" };
        var signers = new Command("signers", "Signatures a second of each provider of the key (needs SoftHSM2; the clouds are local doubles), beside bare NSec.") { seconds, atOnce, json };
        signers.SetAction((parsed, cancellationToken) => SignersBench.RunAsync(
            TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(seconds), 1, 60)), Math.Clamp(parsed.GetValue(atOnce), 1, 64), parsed.GetValue(json), cancellationToken));
        return signers;
    }

    private static Command Resolve()
    {
        var players = new Option<int[]>("--players")
        {
            Description = "players of a round, one or several sizes, at most 10000", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [100, 1000, 10_000],
        };
        var repeats = new Option<int>("--repeats") { Description = "rounds of each size and policy, of which the median counts", DefaultValueFactory = _ => 9 };
        var json = new Option<FileInfo?>("--json") { Description = "also write the results to this file" };
        var resolve = new Command("resolve", "The resolution of a round: the pure policy, and the service's own transaction on PostgreSQL with durable settings, beside this machine's own ceilings.") { players, repeats, json };
        resolve.SetAction((parsed, cancellationToken) => ResolveBench.RunAsync(
            [.. parsed.GetValue(players)!.Select(x => Math.Clamp(x, 1, 10_000)).Distinct().Order()], Math.Clamp(parsed.GetValue(repeats), 1, 99), parsed.GetValue(json), cancellationToken));
        return resolve;
    }
}

/// <summary>How much is measured.</summary>
/// <param name="Payouts">Payouts in the measured round.</param>
/// <param name="Channels">Channel accounts.</param>
/// <param name="CloseTime">Ledger interval.</param>
/// <param name="HotKey">payout-signer signs itself.</param>
/// <param name="NoFsync">PostgreSQL does not wait for the disk.</param>
/// <param name="Json">Where the results go as JSON; null: only printed.</param>
internal sealed record BenchOptions(int Payouts, int Channels, TimeSpan CloseTime, bool HotKey, bool NoFsync, FileInfo? Json);
