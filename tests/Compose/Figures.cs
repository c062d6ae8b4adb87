using System.Diagnostics;
using System.Globalization;

namespace Payouts.Tests.Compose;

/// <summary>What a night measured: printed with the test's output. Times are judged by nobody, for hosts differ.</summary>
internal static class Figures
{
    /// <summary>One line.</summary>
    public static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    /// <summary>How long something takes.</summary>
    public static async Task<T> TimeAsync<T>(string what, Func<Task<T>> act)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await act();
        }
        finally
        {
            Tell(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,8:0.0} s  {what}"));
        }
    }

    /// <summary>How long something takes.</summary>
    public static Task TimeAsync(string what, Func<Task> act) => TimeAsync(what, async () =>
    {
        await act();
        return true;
    });

    /// <summary>A table of the services: from a container's start to its first healthy answer, and its memory.</summary>
    public static async Task TellContainersAsync(ComposeProject project, HealthWatch watch)
    {
        Tell($"{"service",-18}{"healthy after s",16}{"memory MiB",12}{"its own MiB",12}");
        foreach (var service in project.Services)
        {
            var (all, anonymous) = (await project.ContainerOfAsync(service)).Memory();
            var healthy = watch.HealthyAfter.TryGetValue(service, out var after) ? after.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) : "?";
            Tell(string.Create(CultureInfo.InvariantCulture, $"{service,-18}{healthy,16}{all >> 20,12}{anonymous >> 20,12}"));
        }
    }
}
