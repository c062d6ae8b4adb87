using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Payouts.Rounds.Webhooks;

/// <summary>Reads ROUNDS_WEBHOOKS_FILE. What is wrong is named by its place; no value is repeated, for it may be a secret.</summary>
internal static partial class WebhooksFile
{
    /// <summary>Endpoints: each gets a row for every event.</summary>
    public const int EndpointsMax = 16;

    /// <summary>The old and the new one.</summary>
    public const int SecretsMax = 2;

    /// <summary>Bytes of a secret, as the scheme has it.</summary>
    public const int SecretBytesMin = 24;

    /// <summary>Bytes of a secret, as the scheme has it.</summary>
    public const int SecretBytesMax = 64;

    /// <summary>Characters of a URL.</summary>
    public const int UrlLengthMax = 2_000;

    private const string SecretPrefix = "whsec_";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <param name="json">The file, UTF-8.</param>
    /// <param name="plainHttp">Whether http:// is taken for other hosts than this one: on development networks.</param>
    /// <exception cref="FormatException">Names the member that is wrong, and what would be right.</exception>
    public static IReadOnlyList<WebhookEndpoint> Parse(byte[] json, bool plainHttp)
    {
        FileJson file;
        try
        {
            file = JsonSerializer.Deserialize<FileJson>(json, Strict) ?? throw Wrong("$", "an object such as {\"endpoints\": []}");
        }
        catch (JsonException wrong)
        {
            // The reader's own words may repeat what it stumbled over.
            throw new FormatException(FormattableString.Invariant($"{wrong.Path ?? "$"}, line {(wrong.LineNumber ?? 0) + 1}: this is no JSON of the expected shape (docs/events.md)"));
        }

        Require(file.Endpoints is { Count: <= EndpointsMax }, "endpoints", FormattableString.Invariant($"a list of at most {EndpointsMax}"));
        var endpoints = file.Endpoints!.Select((endpoint, at) => Read(FormattableString.Invariant($"endpoints[{at}]"), endpoint, plainHttp)).ToList();
        Require(endpoints.DistinctBy(x => x.Name, StringComparer.Ordinal).Count() == endpoints.Count, "endpoints", "a list in which no name is there twice");
        return endpoints;
    }

    private static WebhookEndpoint Read(string at, EndpointJson? json, bool plainHttp)
    {
        Require(json is not null, at, "an object with name, url and secrets");
        Require(json!.Name is not null && NameShape().IsMatch(json.Name), $"{at}.name", "1 to 40 of a-z, 0-9 and -");
        Require(json.Secrets is { Count: > 0 and <= SecretsMax }, $"{at}.secrets", FormattableString.Invariant($"a list of 1 or {SecretsMax}"));
        var events = json.Events ?? [.. WebhookEvents.Names];
        Require(events.Count > 0 && events.All(name => name is not null && WebhookEvents.Names.Contains(name)), $"{at}.events", $"some of {string.Join(", ", WebhookEvents.Names.Order(StringComparer.Ordinal))}");
        return new WebhookEndpoint
        {
            Name = json.Name,
            Url = Url($"{at}.url", json.Url, plainHttp),
            Secrets = [.. json.Secrets.Select((secret, number) => Secret(FormattableString.Invariant($"{at}.secrets[{number}]"), secret))],
            Events = events.Select(name => name!).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static Uri Url(string at, string? text, bool plainHttp)
    {
        const string Right = "https://HOST/PATH, without a user, a password or a fragment";
        Require(text is { Length: > 0 and <= UrlLengthMax } && Uri.TryCreate(text, UriKind.Absolute, out _), at, Right);
        var url = new Uri(text!, UriKind.Absolute);
        Require(url.Scheme is "https" or "http" && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.Fragment.Length == 0, at, Right);
        Require(url.Scheme == "https" || plainHttp || url.IsLoopback, at, "https; http is taken for this host alone, and on development networks");
        return url;
    }

    private static byte[] Secret(string at, string? text)
    {
        var bytes = new byte[SecretBytesMax + 1];
        var length = 0;
        Require(text is not null && text.StartsWith(SecretPrefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[SecretPrefix.Length..], bytes, out length)
            && length is >= SecretBytesMin and <= SecretBytesMax, at, FormattableString.Invariant($"{SecretPrefix} and {SecretBytesMin} to {SecretBytesMax} random bytes in base64"));
        return bytes[..length];
    }

    private static void Require([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool holds, string at, string right)
    {
        if (!holds)
            throw Wrong(at, right);
    }

    private static FormatException Wrong(string at, string right) => new($"{at}: {right} is right");

    [GeneratedRegex("^[a-z0-9-]{1,40}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape();

    private sealed record FileJson(IReadOnlyList<EndpointJson?>? Endpoints);

    private sealed class EndpointJson
    {
        public string? Name { get; init; }

        public string? Url { get; init; }

        public IReadOnlyList<string?>? Secrets { get; init; }

        public IReadOnlyList<string?>? Events { get; init; }
    }
}
