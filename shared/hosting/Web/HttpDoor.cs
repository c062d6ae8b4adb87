using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Payouts.Hosting.Web;

/// <summary>What a caller must show.</summary>
/// <param name="Value">Null: only this host may call.</param>
public sealed record HttpDoorKey(string? Value);

/// <summary>Lets nobody in but callers with the key, or, when no key is configured, callers on this host. Health and metrics are open.</summary>
public sealed class HttpDoor(RequestDelegate next, HttpDoorKey key)
{
    private readonly byte[]? _expected = key.Value is { } value ? SHA256.HashData(Encoding.UTF8.GetBytes("Bearer " + value)) : null;

    /// <summary>Passes the request on, or answers 401 or 403 with the reason.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics"))
            return next(context);
        if (_expected is null)
            return IsLocal(context.Connection)
                ? next(context)
                : Refuse(context, StatusCodes.Status403Forbidden, "no HTTP_API_KEY is configured, so only this host may call");
        // Hashing first makes the comparison's time independent of where the texts differ.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()));
        return CryptographicOperations.FixedTimeEquals(shown, _expected)
            ? next(context)
            : Refuse(context, StatusCodes.Status401Unauthorized, "send the header \"Authorization: Bearer KEY\" with the key of HTTP_API_KEY");
    }

    private static bool IsLocal(ConnectionInfo connection) =>
        connection.RemoteIpAddress is { } remote && (IPAddress.IsLoopback(remote) || remote.Equals(connection.LocalIpAddress));

    private static Task Refuse(HttpContext context, int status, string detail) =>
        Results.Problem(statusCode: status, detail: detail).ExecuteAsync(context);
}
