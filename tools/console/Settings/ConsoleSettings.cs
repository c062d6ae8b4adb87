using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Payouts.OperatorConsole.Doors;

namespace Payouts.OperatorConsole.Settings;

/// <summary>Where the services are and with which key they are asked: a profile of the file, and over it the environment. Never printed whole.</summary>
internal sealed class ConsoleSettings
{
    /// <summary>Where ./run.sh serves everything.</summary>
    private static readonly Uri OwnHost = new("http://127.0.0.1:8080");

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(15);

    public required IReadOnlyDictionary<Service, Uri> Addresses { get; init; }

    /// <summary>A named key or a token; null: none is shown.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Who alone may have issued the services' certificates; null: whom the host trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>For each request.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The key names its owner, by whom the services know who decides.</summary>
    public bool KeyIsNamed => ApiKey is { } key && (key.StartsWith("payouts_", StringComparison.Ordinal) || key.Count(x => x == '.') == 2);

    /// <summary>Reads the profile and the environment.</summary>
    /// <param name="variable">The environment.</param>
    /// <param name="profile">The profile that the command line names; null: PAYOUTS_PROFILE, else the file's default.</param>
    /// <param name="insecure">A key may be shown over http to other hosts.</param>
    /// <exception cref="SettingsException">Names everything that is wrong, and no secret.</exception>
    public static ConsoleSettings Read(Func<string, string?> variable, string? profile, bool insecure)
    {
        var problems = new List<string>();
        string? Of(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        var chosen = ProfileFile.Read(variable, profile ?? Of(SettingNames.Profile), problems);
        var addresses = Services.All.ToDictionary(service => service, service => AddressOf(service, Of, chosen, problems));
        var settings = new ConsoleSettings
        {
            Addresses = addresses,
            ApiKey = Key(Of, chosen, problems),
            Authorities = (Of(SettingNames.TlsAuthorityFile) ?? chosen.TlsCaFile) is { } authorities ? AuthoritiesIn(authorities, problems) : null,
            Timeout = Of(SettingNames.TimeoutSeconds) is { } seconds ? Seconds(SettingNames.TimeoutSeconds, seconds, problems)
                : chosen.TimeoutSeconds is { } own ? Seconds("timeoutSeconds", FormattableString.Invariant($"{own}"), problems) : DefaultTimeout,
        };
        if (settings.ApiKey is not null && !insecure)
            problems.AddRange(addresses.Values.Distinct().Where(x => x.Scheme == Uri.UriSchemeHttp && !IsThisHost(x)).Select(x =>
                $"{x.GetLeftPart(UriPartial.Authority)} is not encrypted, and whoever listens would have the key: use https, or --insecure where the network itself is"));
        return problems.Count == 0 ? settings : throw new SettingsException(problems);
    }

    private static Uri AddressOf(Service service, Func<string, string?> of, Profile profile, List<string> problems)
    {
        var (name, text) = of(service.Setting()) is { } own ? (service.Setting(), own)
            : of(SettingNames.Url) is { } all ? (SettingNames.Url, all)
            : profile.Urls?.GetValueOrDefault(service.Name()) is { } listed ? ($"urls.{service.Name()}", listed)
            : profile.Url is { } common ? ("url", common)
            : ("", OwnHost.AbsoluteUri);
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address is { UserInfo: "", Query: "", Fragment: "" })
            return address;
        // It may hold a password: not repeated.
        if (!problems.Exists(x => x.StartsWith(name, StringComparison.Ordinal)))
            problems.Add($"{name} is no address such as https://{service.Name()}.example, without user, query and fragment");
        return OwnHost;
    }

    private static string? Key(Func<string, string?> of, Profile profile, List<string> problems)
    {
        var (direct, path) = (of(SettingNames.ApiKey), of(SettingNames.ApiKeyFile));
        if (direct is not null && path is not null)
            problems.Add($"{SettingNames.ApiKey} and {SettingNames.ApiKeyFile} are both set; keep one of them");
        if (direct is null && (path ?? profile.ApiKeyFile) is { } file)
        {
            try
            {
                direct = File.ReadAllText(file).Trim();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{(path is null ? "apiKeyFile" : SettingNames.ApiKeyFile)} names {file}, which cannot be read: {failure.Message}");
                return null;
            }
        }

        if (direct is null)
            return null;
        if (direct.Length > 0 && !direct.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return direct;
        problems.Add($"{SettingNames.ApiKey} holds no key or token: printable characters without spaces are right, on one line");
        return null;
    }

    private static X509Certificate2Collection? AuthoritiesIn(string path, List<string> problems)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            if (authorities.Count > 0)
                return authorities;
            problems.Add($"{SettingNames.TlsAuthorityFile} names {path}, which holds no certificate in PEM");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problems.Add($"{SettingNames.TlsAuthorityFile} names {path}, which cannot be used: {failure.Message}");
        }

        return null;
    }

    private static TimeSpan Seconds(string name, string text, List<string> problems)
    {
        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 600)
            return TimeSpan.FromSeconds(seconds);
        problems.Add($"{name} must be a whole number from 1 to 600");
        return DefaultTimeout;
    }

    private static bool IsThisHost(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.DnsSafeHost, out var number) && IPAddress.IsLoopback(number));
}

/// <summary>Settings that cannot be used.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems) : CommandException(ExitCodes.Usage, string.Join('\n', problems));
