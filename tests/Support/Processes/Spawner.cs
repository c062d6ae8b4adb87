using System.Collections.Concurrent;
using System.Diagnostics;

namespace Payouts.Tests.Support;

/// <summary>Starts every child process from one thread that lives as long as the test process.</summary>
/// <remarks>
/// Linux sends the parent-death signal when the *thread* that forked the child ends (prctl(2), PR_SET_PDEATHSIG). A thread of the
/// pool ends after some idle seconds and would take the children with it.
/// </remarks>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Orders = Begin();

    public static Task<Process> StartAsync(ProcessStartInfo startInfo)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Orders.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(startInfo) ?? throw new InvalidOperationException($"{startInfo.FileName} did not start."));
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var orders = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var order in orders.GetConsumingEnumerable())
            {
                order();
            }
        })
        { IsBackground = true, Name = "child process spawner" };
        thread.Start();
        return orders;
    }
}
