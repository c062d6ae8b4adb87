using System.Net;
using Payouts.Builder.Tests.Support;

namespace Payouts.Builder.Tests.Start;

/// <summary>The service as it is started with a key: every route that it has is behind the door.</summary>
public sealed class When_a_stranger_calls
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_be_answered_by_no_route_without_the_key()
    {
        await using var host = await BuilderHost.StartAsync(extra: new Dictionary<string, string?> { ["HTTP_API_KEY"] = "the right key" });
        var routes = host.Routes.Where(route => !route.Path.StartsWith("/health", StringComparison.Ordinal) && !route.Path.StartsWith("/metrics", StringComparison.Ordinal)).ToList();
        routes.Count.ShouldBeGreaterThan(15);
        routes.Count(route => route.Method == "POST").ShouldBeGreaterThanOrEqualTo(9, "six decisions, their approval and withdrawal, the replay of a letter");

        foreach (var (method, path) in routes)
        {
            (await AskAsync(host, method, path, null)).ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
            (await AskAsync(host, method, path, "Bearer the wrong key")).ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
            (await AskAsync(host, method, path, "Bearer the right key")).ShouldNotBe(HttpStatusCode.Unauthorized, $"{method} {path}");
        }
    }

    private static async Task<HttpStatusCode> AskAsync(BuilderHost host, string method, string path, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", key);
        using var answer = await host.Http.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }
}
