using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Access;

/// <summary>The named keys that count now; without a file there are none.</summary>
internal sealed class ApiKeys(AccessSettings access, TimeProvider time, ILogger<ApiKeys> logger)
{
    private readonly WatchedFile<ApiKeyFile>? _file =
        access.ApiKeysPath is { } path ? new WatchedFile<ApiKeyFile>(SettingNames.HttpApiKeys, [path], ApiKeyFile.Parse, time, logger) : null;

    public ApiKeyHolder? Find(string key) => _file?.Current.Find(key);
}

/// <summary>Knows callers by their key, and, when nothing at all is configured, those on this host.</summary>
internal sealed class KeyAuthentication(
    AccessSettings access, ApiKeys keys, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "key";

    /// <summary>What stands for a name where nobody is named.</summary>
    public const string DevelopmentName = "development key", ThisHostName = "this host";

    private const string Bearer = "Bearer ";

    /// <summary>What follows "Bearer" in the request; null when there is no such header.</summary>
    public static string? ShownBy(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Judge());

    private AuthenticateResult Judge()
    {
        if (access.IsThisHostOnly)
            return IsLocal(Context.Connection) ? Success(ThisHostName, isNamed: false, [AccessRole.Admin]) : AuthenticateResult.NoResult();
        if (ShownBy(Request) is not { Length: > 0 } shown)
            return AuthenticateResult.NoResult();
        if (access.DevelopmentKey is { } expected && AreEqual(shown, expected))
            return Success(DevelopmentName, isNamed: false, [AccessRole.Admin]);
        return keys.Find(shown) is { } holder ? Success(holder.Name, isNamed: true, holder.Roles) : AuthenticateResult.Fail("nobody has this key");
    }

    // Hashing first makes the comparison's time independent of where the texts differ.
    private static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));

    private static bool IsLocal(ConnectionInfo connection) =>
        connection.RemoteIpAddress is { } remote && (IPAddress.IsLoopback(remote) || remote.Equals(connection.LocalIpAddress));

    private static AuthenticateResult Success(string name, bool isNamed, IReadOnlyList<string> roles) =>
        AuthenticateResult.Success(Caller.Ticket(SchemeName, name, isNamed, roles));
}
