using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace Payouts.Tests.Access;

/// <summary>One endpoint and who may call it.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">With its parameters in braces, without their kinds.</param>
/// <param name="Roles">In order; "open": everybody; nothing: nobody.</param>
internal sealed record EndpointRow(string Method, string Path, string Roles)
{
    /// <summary>A request to it that its handler can read.</summary>
    public HttpRequestMessage Request()
    {
        var path = Regex.Replace(Path, @"\{(\w+)\}", match => match.Groups[1].Value switch
        {
            "hash" => new string('0', 64),
            "day" => "2026-01-02",
            _ => "00000000-0000-0000-0000-000000000001",
        });
        return new HttpRequestMessage(new HttpMethod(Method), path)
        {
            Content = Method == "POST" ? new StringContent("""{"reason":"a test"}""", System.Text.Encoding.UTF8, "application/json") : null,
        };
    }

    public bool Allows(string role) => role == "admin" || Roles.Split(", ").Contains(role)
        || (role is "operate" or "approve" && Roles.Split(", ").Contains("read"));

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The endpoints as the services map them, and as docs/security.md lists them.</summary>
internal static partial class Endpoints
{
    public static IReadOnlyList<EndpointRow> Of(EndpointDataSource source) =>
        [.. source.Endpoints.OfType<RouteEndpoint>().SelectMany(Rows).OrderBy(row => row.Path, StringComparer.Ordinal).ThenBy(row => row.Method, StringComparer.Ordinal)];

    public static IReadOnlyList<EndpointRow> OfDocument() =>
        [.. Row().Matches(File.ReadAllText(RepositoryRoot.PathOf("docs/security.md"))).Select(match => new EndpointRow(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value.Trim()))
            .OrderBy(row => row.Path, StringComparer.Ordinal).ThenBy(row => row.Method, StringComparer.Ordinal)];

    private static IEnumerable<EndpointRow> Rows(RouteEndpoint endpoint)
    {
        var path = "/" + Kind().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "");
        var roles = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? "open"
            : string.Join(", ", endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().SelectMany(data => (data.Roles ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)));
        // Health and metrics answer any method.
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        return methods.Select(method => new EndpointRow(method, path, roles));
    }

    [GeneratedRegex(@"(?<=\{\w+):\w+(?=\})")]
    private static partial Regex Kind();

    [GeneratedRegex(@"^\| (GET|POST) \| `([^`]+)` \| ([a-z, ]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
