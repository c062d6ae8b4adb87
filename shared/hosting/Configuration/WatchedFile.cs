using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Observability;

namespace Payouts.Hosting.Configuration;

/// <summary>Reads files of settings.</summary>
public static class WatchedFile
{
    /// <summary>Keys, certificates and key sets are a few kB.</summary>
    public const int BytesMax = 1024 * 1024;

    /// <summary>The files one behind the other: a certificate and its key are one thing, and half of a change is none.</summary>
    /// <exception cref="IOException">One is not there, or larger than <see cref="BytesMax"/>.</exception>
    public static byte[] Read(IReadOnlyList<string> paths) => [.. paths.SelectMany(path => (byte[])[.. Read(path), (byte)'\n'])];

    /// <summary>The whole file.</summary>
    /// <exception cref="IOException">It is not there, or larger than <see cref="BytesMax"/>.</exception>
    public static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > BytesMax)
            throw new IOException($"it has {file.Length} bytes, at most {BytesMax} are read");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        // Some editors put a mark before the text that no reader of keys and certificates takes.
        return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }
}

/// <summary>
/// What a file says, read again when its content changes. The content is compared and not its time: Kubernetes changes a mounted secret by
/// turning a link, and notifications do not see that. A file that is gone or wrong changes nothing: what was read last stays, and the log
/// and <c>settings_file_unusable</c> say so.
/// </summary>
/// <param name="setting">The setting that names the file.</param>
/// <param name="paths">The file, or several that are read as one.</param>
/// <param name="parse">Throws <see cref="FormatException"/> for a content that is wrong.</param>
/// <param name="time">Tells when to look again.</param>
/// <param name="logger">Hears of changes; never of contents.</param>
public sealed partial class WatchedFile<T>(string setting, IReadOnlyList<string> paths, Func<byte[], T> parse, TimeProvider time, ILogger logger)
    where T : class
{
    /// <summary>The file is looked at when it is needed, and not more often than this.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long _readAt;
    private byte[] _digest = [];
    private string? _complaint;
    private T? _current;

    /// <summary>What it says now.</summary>
    /// <exception cref="IOException">It was never readable.</exception>
    /// <exception cref="FormatException">It was never right.</exception>
    public T Current
    {
        get
        {
            lock (_lock)
            {
                if (_current is null || time.GetElapsedTime(_readAt) >= Interval)
                    Look();
                return _current!;
            }
        }
    }

    private void Look()
    {
        try
        {
            _readAt = time.GetTimestamp();
            var content = WatchedFile.Read(paths);
            var digest = SHA256.HashData(content);
            if (!digest.AsSpan().SequenceEqual(_digest))
            {
                var first = _current is null;
                _current = parse(content);
                _digest = digest;
                if (!first)
                    FileChanged(logger, setting, string.Join(" and ", paths));
            }

            HostingMetrics.UnusableFiles.WithLabels(setting).Set(0);
            _complaint = null;
        }
        catch (Exception failure) when (_current is not null && failure is IOException or UnauthorizedAccessException or FormatException)
        {
            HostingMetrics.UnusableFiles.WithLabels(setting).Set(1);
            if (_complaint != failure.Message)
                FileUnusable(logger, setting, string.Join(" and ", paths), failure.Message);
            _complaint = failure.Message;
        }
    }

    [LoggerMessage(LogLevel.Information, "{setting}: {path} has changed and is used from now on")]
    private static partial void FileChanged(ILogger logger, string setting, string path);

    [LoggerMessage(LogLevel.Error, "{setting}: {path} cannot be used, what it said before still counts: {reason}")]
    private static partial void FileUnusable(ILogger logger, string setting, string path, string reason);
}
