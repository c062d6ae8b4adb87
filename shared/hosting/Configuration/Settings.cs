using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Payouts.Hosting.Configuration;

/// <summary>
/// Reads settings and collects every problem, so that one start names them all. A setting may also come from a file: NAME_FILE
/// holds the path, as Kubernetes mounts secrets.
/// </summary>
public sealed class Settings(IConfiguration configuration)
{
    private readonly List<string> _problems = [];

    /// <summary>Text that must be there.</summary>
    public string Required(string name, string shape)
    {
        if (Optional(name) is { } value)
            return value;
        _problems.Add($"{name} is missing; it holds {shape}");
        return "";
    }

    /// <summary>Text that may be absent; from NAME or the file that NAME_FILE names.</summary>
    public string? Optional(string name)
    {
        var direct = configuration[name];
        var path = configuration[name + "_FILE"];
        if (!string.IsNullOrEmpty(direct) && !string.IsNullOrEmpty(path))
        {
            _problems.Add($"{name} and {name}_FILE are both set; keep one of them");
            return direct;
        }

        if (string.IsNullOrEmpty(path))
            return string.IsNullOrWhiteSpace(direct) ? null : direct.Trim();
        try
        {
            return System.IO.File.ReadAllText(path).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{name}_FILE names {path}, which cannot be read: {failure.Message}");
            return null;
        }
    }

    /// <summary>Whether NAME or NAME_FILE holds anything; nothing is read or judged.</summary>
    public bool IsGiven(string name) => !string.IsNullOrWhiteSpace(configuration[name]) || !string.IsNullOrWhiteSpace(configuration[name + "_FILE"]);

    /// <summary>
    /// The path of a secret that is read again while the service runs, so that it can be changed without a restart: NAME_FILE, never NAME
    /// itself. Null after a problem.
    /// </summary>
    public string? RequiredFile(string name, string shape)
    {
        var path = configuration[name + "_FILE"];
        if (!string.IsNullOrWhiteSpace(configuration[name]))
            _problems.Add($"{name} is set; put it into a file and name that in {name}_FILE: it is read again when it changes");
        else if (string.IsNullOrWhiteSpace(path))
            _problems.Add($"{name}_FILE is missing; it names the file that holds {shape}");
        else if (!System.IO.File.Exists(path))
            _problems.Add($"{name}_FILE names {path}, which does not exist");
        else
            return path;
        return null;
    }

    /// <summary>
    /// The path of a file that is read again while the service runs, from NAME_FILE; null when it is not set. Its content is read once here: a
    /// <see cref="FormatException"/> of <paramref name="parse"/> and a file that cannot be read are problems of this key.
    /// </summary>
    public string? File<T>(string name, Func<byte[], T> parse) => Files([name], parse)?[0];

    /// <summary>The same for files that belong together, such as a certificate and its key: all are set, or none.</summary>
    public IReadOnlyList<string>? Files<T>(IReadOnlyList<string> names, Func<byte[], T> parse)
    {
        foreach (var name in names.Where(name => !string.IsNullOrWhiteSpace(configuration[name])))
            _problems.Add($"{name} is read from a file: put the path in {name}_FILE");
        var paths = names.Select(name => configuration[name + "_FILE"]).Where(path => !string.IsNullOrEmpty(path)).Select(path => path!).ToList();
        if (paths.Count == 0)
            return null;
        var together = string.Join(" and ", names.Select(name => name + "_FILE"));
        if (paths.Count < names.Count)
        {
            _problems.Add($"{together} belong together: set all of them, or none");
            return null;
        }

        try
        {
            parse(WatchedFile.Read(paths));
            return paths;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            _problems.Add($"{together}: {string.Join(" and ", paths)} cannot be used: {failure.Message}");
            return null;
        }
    }

    /// <summary>true or false.</summary>
    public bool Flag(string name, bool fallback)
    {
        switch (Optional(name)?.ToLowerInvariant())
        {
            case null:
                return fallback;
            case "true" or "1" or "yes":
                return true;
            case "false" or "0" or "no":
                return false;
            default:
                _problems.Add($"{name} must be true or false");
                return fallback;
        }
    }

    /// <summary>A whole number within bounds.</summary>
    public long Number(string name, long fallback, long min, long max)
    {
        if (Optional(name) is not { } text)
            return fallback;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {min} to {max}"));
        return fallback;
    }

    /// <summary>
    /// A value with a grammar of its own; a <see cref="FormatException"/> of <paramref name="parse"/> becomes a problem of this key.
    /// The value itself is not repeated: it may be a secret.
    /// </summary>
    public T Parsed<T>(string name, Func<string, T> parse, string shape, string? fallback = null)
    {
        var text = Optional(name) ?? fallback;
        if (text is null)
        {
            _problems.Add($"{name} is missing; it holds {shape}");
            return default!;
        }

        try
        {
            return parse(text);
        }
        catch (FormatException failure)
        {
            _problems.Add($"{name} is not {shape}: {failure.Message}");
            return default!;
        }
    }

    /// <summary>Adds a problem that concerns several keys together.</summary>
    public void Refuse(string problem) => _problems.Add(problem);

    /// <summary>Stops the start when anything was wrong, misspelt keys included.</summary>
    /// <exception cref="SettingsException">Names every problem.</exception>
    public void ThrowIfWrong()
    {
        foreach (var key in configuration.AsEnumerable().Select(pair => pair.Key))
        {
            var name = key.EndsWith("_FILE", StringComparison.Ordinal) ? key[..^"_FILE".Length] : key;
            if (!SettingNames.Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) || key.StartsWith("PAYOUTS_TEST_", StringComparison.Ordinal) || SettingNames.All.Contains(name) || SettingNames.OfConsole.Contains(name))
                continue;
            var near = SettingNames.All.MinBy(known => Distance(known, name.ToUpperInvariant()))!;
            _problems.Add($"{key} is not a setting; did you mean {near}?");
        }

        if (_problems.Count > 0)
            throw new SettingsException([.. _problems]);
    }

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j - 1], row[j]) + 1);
            }
        }

        return row[^1];
    }
}
