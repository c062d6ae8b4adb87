using System.Net.Sockets;

namespace Payouts.Tests.Support.Tests;

public sealed class When_a_test_process_dies
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_take_its_servers_with_it_and_leave_its_folders_to_the_next_one()
    {
        Assert.SkipUnless(await Servers.GetModeAsync() == ServersMode.Local, "the servers of this run are containers; those go by the label of their run");
        var temporary = Directory.CreateTempSubdirectory("payouts-orphans-").FullName;
        File.SetUnixFileMode(temporary, File.GetUnixFileMode(temporary) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        await using var holder = new ServiceProcess(new ServiceProcessOptions
        {
            Assembly = Sample.Assembly,
            Arguments = ["hold-servers"],
            Environment = new Dictionary<string, string> { ["TMPDIR"] = temporary, ["PAYOUTS_TEST_SERVERS"] = "local" },
        });
        await holder.LaunchAsync();
        var line = await Probe.Until(
            "it holds its servers",
            _ => Task.FromResult(holder.Output.Split('\n').FirstOrDefault(text => text.StartsWith("holding ", StringComparison.Ordinal)) ?? ""),
            text => text.Length > 0,
            TimeSpan.FromSeconds(60),
            cancellationToken: Cancelled);
        var ports = line.Split(' ')[1..].Select(port => int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        ports.Length.ShouldBe(2);
        ports.ShouldAllBe(port => Listens(port));

        await holder.KillAsync(Cancelled);

        await Probe.Until("nobody listens on its servers' ports", () => !ports.Any(Listens), TimeSpan.FromSeconds(15), Cancelled);
        Directory.EnumerateFileSystemEntries(temporary).ShouldNotBeEmpty();
        Directory.Delete(temporary, recursive: true);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_not_take_children_when_only_the_asking_thread_ends()
    {
        ChildProcess? child = null;
        var asking = new Thread(() => child = ChildProcess.StartAsync(new ChildProcessStart
        {
            File = "sleep",
            Arguments = ["60"],
            Environment = ServerEnvironment.Minimal("/"),
        }).GetAwaiter().GetResult());
        asking.Start();
        asking.Join();
        await using var started = child.ShouldNotBeNull();
        await Should.ThrowAsync<TimeoutException>(() => started.Exited.WaitAsync(TimeSpan.FromMilliseconds(500), Cancelled));
        started.HasExited.ShouldBeFalse();
    }

    private static bool Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
