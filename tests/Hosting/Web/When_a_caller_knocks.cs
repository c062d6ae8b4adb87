using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Web;

namespace Payouts.Hosting.Tests.Web;

public sealed class When_a_caller_knocks
{
    private const string Key = "the right key";
    private const string Remote = "203.0.113.7";

    [Theory]
    // With a key: whoever shows it comes in, from anywhere; nobody else does, not even from this host.
    [InlineData(Key, "Bearer the right key", Remote, "/payouts", 200)]
    [InlineData(Key, "Bearer the right key", "127.0.0.1", "/payouts", 200)]
    [InlineData(Key, null, "127.0.0.1", "/payouts", 401)]
    [InlineData(Key, null, Remote, "/payouts", 401)]
    [InlineData(Key, "Bearer the wrong key", Remote, "/payouts", 401)]
    [InlineData(Key, "Bearer the right key ", Remote, "/payouts", 401)]
    [InlineData(Key, "bearer the right key", Remote, "/payouts", 401)]
    [InlineData(Key, "Basic the right key", Remote, "/payouts", 401)]
    [InlineData(Key, "the right key", Remote, "/payouts", 401)]
    [InlineData(Key, "", Remote, "/payouts", 401)]
    // Without one: this host only.
    [InlineData(null, null, "127.0.0.1", "/payouts", 200)]
    [InlineData(null, null, "::1", "/payouts", 200)]
    [InlineData(null, null, "::ffff:127.0.0.1", "/payouts", 200)]
    [InlineData(null, null, "192.0.2.1", "/payouts", 200)]
    [InlineData(null, null, Remote, "/payouts", 403)]
    [InlineData(null, "Bearer ", Remote, "/payouts", 403)]
    [InlineData(null, null, null, "/payouts", 403)]
    // Probes and metrics are open; what only looks like them is not.
    [InlineData(Key, null, Remote, "/health/ready", 200)]
    [InlineData(Key, null, Remote, "/metrics", 200)]
    [InlineData(null, null, Remote, "/health/live", 200)]
    [InlineData(Key, null, Remote, "/healthy", 401)]
    [InlineData(Key, null, Remote, "/metrics-of-mine", 401)]
    public async Task Should_be_let_in_or_told_why_not(string? key, string? shown, string? remote, string path, int status)
    {
        await using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Path = path;
        if (shown is not null)
            context.Request.Headers.Authorization = shown;
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        context.Connection.LocalIpAddress = IPAddress.Parse("192.0.2.1");
        context.Response.Body = answer;
        var entered = false;

        await new HttpDoor(_ => { entered = true; return Task.CompletedTask; }, new HttpDoorKey(key)).InvokeAsync(context);

        context.Response.StatusCode.ShouldBe(status);
        entered.ShouldBe(status == 200);
        var said = System.Text.Encoding.UTF8.GetString(answer.ToArray());
        said.ShouldNotContain(Key);
        said.ShouldContain(status switch { 401 => "HTTP_API_KEY", 403 => "only this host may call", _ => "" });
    }
}
