using Payouts.OperatorConsole.Doors;

namespace Payouts.OperatorConsole.Settings;

/// <summary>The console's environment variables. Services that are started from the same shell leave them alone.</summary>
internal static class SettingNames
{
    /// <summary>The address of all services, where one door leads to them.</summary>
    public const string Url = "PAYOUTS_URL";

    /// <summary>A named key or a token.</summary>
    public const string ApiKey = "PAYOUTS_API_KEY";

    /// <summary>The file that holds it.</summary>
    public const string ApiKeyFile = "PAYOUTS_API_KEY_FILE";

    /// <summary>PEM: who must have issued the services' certificates.</summary>
    public const string TlsAuthorityFile = "PAYOUTS_TLS_CA_FILE";

    /// <summary>How long a service may take to answer.</summary>
    public const string TimeoutSeconds = "PAYOUTS_TIMEOUT_SECONDS";

    /// <summary>Which profile of the file.</summary>
    public const string Profile = "PAYOUTS_PROFILE";

    /// <summary>The file of profiles.</summary>
    public const string File = "PAYOUTS_CONSOLE_FILE";

    /// <summary>What is typed to start the console, for texts that say what to type next.</summary>
    public const string Program = "PAYOUTS_CONSOLE_NAME";

    public static IReadOnlyList<string> All { get; } = [Url, .. Services.All.Select(x => x.Setting()), ApiKey, ApiKeyFile, TlsAuthorityFile, TimeoutSeconds, Profile, File, Program];
}
