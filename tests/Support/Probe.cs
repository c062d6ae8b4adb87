using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Payouts.Tests.Support;

/// <summary>Waits for a condition. When it does not come true, the failure says what was waited for and what was seen last.</summary>
public static class Probe
{
    /// <summary>How long a probe waits when the test does not say.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads until <paramref name="isMet"/> holds, and returns the value that met it.</summary>
    /// <param name="what">What is waited for, as it should read in the failure: "the round is settled".</param>
    /// <param name="read">Reads the value. An exception counts as not yet, and is shown in the failure if it was the last thing seen.</param>
    /// <param name="isMet">Whether this is the value waited for.</param>
    /// <param name="within">Deadline; <see cref="DefaultDeadline"/> when not given.</param>
    /// <param name="every">Pause between two reads; 50 ms when not given.</param>
    /// <param name="cancellationToken">Ends the wait early; the running test's token when not given.</param>
    /// <exception cref="ProbeTimeoutException">The deadline passed.</exception>
    public static async Task<T> Until<T>(
        string what,
        Func<CancellationToken, Task<T>> read,
        Func<T, bool> isMet,
        TimeSpan? within = null,
        TimeSpan? every = null,
        CancellationToken cancellationToken = default)
    {
        var deadline = within ?? DefaultDeadline;
        var outer = cancellationToken.CanBeCanceled ? cancellationToken : TestContext.Current.CancellationToken;
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(outer);
        timeLimit.CancelAfter(deadline);
        var watch = Stopwatch.StartNew();
        var lastSeen = "nothing: the first read did not come back";
        Exception? lastError = null;
        var reads = 0;
        try
        {
            while (true)
            {
                try
                {
                    var value = await read(timeLimit.Token).WaitAsync(timeLimit.Token);
                    reads++;
                    (lastSeen, lastError) = (Describe(value), null);
                    if (isMet(value))
                    {
                        return value;
                    }
                }
                catch (Exception error) when (!timeLimit.IsCancellationRequested)
                {
                    reads++;
                    (lastSeen, lastError) = ($"{error.GetType().Name}: {error.Message}", error);
                }

                await Task.Delay(every ?? DefaultInterval, timeLimit.Token);
            }
        }
        catch (Exception) when (timeLimit.IsCancellationRequested)
        {
            outer.ThrowIfCancellationRequested();
            var waited = watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            throw new ProbeTimeoutException($"Waited {waited} s ({reads} reads) until {what}, but last saw {lastSeen}", lastError);
        }
    }

    /// <summary>Waits until <paramref name="condition"/> is true.</summary>
    public static Task Until(string what, Func<bool> condition, TimeSpan? within = null, CancellationToken cancellationToken = default) =>
        Until(what, _ => Task.FromResult(condition()), met => met, within, cancellationToken: cancellationToken);

    /// <summary>Waits until <paramref name="condition"/> is true.</summary>
    public static Task Until(
        string what, Func<CancellationToken, Task<bool>> condition, TimeSpan? within = null, CancellationToken cancellationToken = default) =>
        Until(what, condition, met => met, within, cancellationToken: cancellationToken);

    /// <summary>Waits until <paramref name="assertion"/> no longer throws; the failure shows the assertion's last message.</summary>
    public static Task UntilPasses(
        string what, Func<CancellationToken, Task> assertion, TimeSpan? within = null, CancellationToken cancellationToken = default) =>
        Until(
            what,
            async token =>
            {
                await assertion(token);
                return true;
            },
            passed => passed,
            within,
            cancellationToken: cancellationToken);

    private static string Describe<T>(T value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        System.Collections.IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Take(50)) + "]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "null",
    };
}

/// <summary>What a probe waited for did not happen in time.</summary>
public sealed class ProbeTimeoutException(string message, Exception? lastError) : Exception(message, lastError);
