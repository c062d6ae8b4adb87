using System.Text.Json;
using System.Text.Json.Serialization;
using Payouts.OperatorConsole.Doors;

namespace Payouts.OperatorConsole.Settings;

/// <summary>One installation of the suite. A key is named by its file, never written here.</summary>
internal sealed record Profile
{
    /// <summary>One address for all services.</summary>
    public string? Url { get; init; }

    /// <summary>By service: rounds, payout-builder, payout-signer, payout-submitter.</summary>
    public Dictionary<string, string>? Urls { get; init; }

    /// <summary>The file that holds the key or token.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>PEM: who must have issued the services' certificates.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>1 to 600.</summary>
    public int? TimeoutSeconds { get; init; }
}

/// <summary>The file of profiles, ~/.config/payouts/console.json: {"default": "test", "profiles": {"test": {...}}}.</summary>
internal sealed record ProfileFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The profile of commands that name none.</summary>
    public string? Default { get; init; }

    public Dictionary<string, Profile> Profiles { get; init; } = [];

    /// <summary>The chosen profile; an empty one when there is no file and none is asked for.</summary>
    public static Profile Read(Func<string, string?> variable, string? name, List<string> problems)
    {
        var named = variable(SettingNames.File);
        var path = !string.IsNullOrEmpty(named) ? named : DefaultPath(variable);
        if (!File.Exists(path))
        {
            if (!string.IsNullOrEmpty(named))
                problems.Add($"{SettingNames.File} names {path}, which does not exist");
            else if (name is not null)
                problems.Add($"there is no profile {name}: {path} does not exist");
            return new Profile();
        }

        try
        {
            var file = JsonSerializer.Deserialize<ProfileFile>(File.ReadAllText(path), Options) ?? new ProfileFile();
            return (name ?? file.Default) is { } wanted ? file.Find(wanted, path, problems) : new Profile();
        }
        catch (JsonException wrong)
        {
            problems.Add($"{path} cannot be read at {wrong.Path ?? "$"}, line {(wrong.LineNumber ?? 0) + 1}: a profile has url, urls, apiKeyFile, tlsCaFile, timeoutSeconds, and no key itself");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path} cannot be read: {failure.Message}");
        }

        return new Profile();
    }

    private Profile Find(string name, string path, List<string> problems)
    {
        if (Profiles.GetValueOrDefault(name) is not { } profile)
        {
            problems.Add($"{path} has no profile {name}; it has {(Profiles.Count == 0 ? "none" : string.Join(", ", Profiles.Keys.Order(StringComparer.Ordinal)))}");
            return new Profile();
        }

        problems.AddRange((profile.Urls ?? []).Keys.Where(x => Services.Find(x) is null).Select(x => $"{path}: urls.{x} is no service; {string.Join(", ", Services.All.Select(y => y.Name()))} are"));
        return profile;
    }

    private static string DefaultPath(Func<string, string?> variable)
    {
        var configuration = variable("XDG_CONFIG_HOME") is { Length: > 0 } own ? own : Path.Combine(variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return Path.Combine(configuration, "payouts", "console.json");
    }
}
