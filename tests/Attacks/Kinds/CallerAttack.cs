using System.Net;
using System.Net.Http.Headers;
using Payouts.Signer.Tests.Support;
using Payouts.Tests.Access;

namespace Payouts.Tests.Attacks;

/// <summary>
/// Calls every endpoint of the four services that what he shows does not open, and brings the right signature for the victim's request to the
/// running payout-signer besides.
/// </summary>
/// <param name="Name">What he shows.</param>
/// <param name="Status">401: who are you; 403: not you.</param>
/// <param name="Said">A part of what he is told.</param>
/// <param name="Credential">What he shows; null: nothing.</param>
/// <param name="Role">The role that he rightly has; null: none.</param>
internal sealed record CallerAttack(string Name, HttpStatusCode Status, string Said, Func<Scene, string?> Credential, string? Role = null)
    : Attack(Holder.HttpCaller, Name, $"{(int)Status}: {Said}")
{
    public override IReadOnlyList<Way> Ways => [Way.Http];

    public override string Seen => "no handler runs; `http_requests_total{code=\"4xx\"}`";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IReadOnlyList<EndpointRow> Closed => [.. Endpoints.OfDocument().Where(row => row.Roles != "open" && (Role is null || !row.Allows(Role)))];

    public override async Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var door = await scene.OpenDoorAsync();
        var credential = Credential(scene);
        // Who may sign brings something else that is not for him.
        var (path, body) = Role == "signer"
            ? ("policy/contract/stop", BrokerUser.Json(new { reason = "because I can" }))
            : ($"sign-requests/{victim.Request.RequestId}/signatures", BrokerUser.Json(Given.Of(Installation.Answer(victim.Request, victim.At.PayoutKey)).Answer));
        return new Blow(async () =>
        {
            using (var answer = await scene.PostAsync(path, body, credential))
                await ShouldBeToldAsync(answer, $"{path} on the running service");
            await ShouldFindEverythingClosedAsync(door, credential);
        })
        {
            Counted = new Dictionary<string, double> { [Counters.RefusedCalls] = 1 + Closed.Count },
        };
    }

    private async Task ShouldFindEverythingClosedAsync(Door door, string? credential)
    {
        Closed.ShouldNotBeEmpty();
        var executed = door.Executed;
        using var client = new HttpClient { BaseAddress = door.Address };
        client.DefaultRequestHeaders.Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", credential);
        foreach (var row in Closed)
        {
            using var answer = await client.SendAsync(row.Request(), Cancelled);
            await ShouldBeToldAsync(answer, row.ToString());
            if (Status == HttpStatusCode.Unauthorized)
                answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer", row.ToString());
            else if (Role is not null)
                (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain($"it needs the role {row.Roles.Replace(", ", " or ", StringComparison.Ordinal)}");
        }

        door.Executed.ShouldBe(executed, "no handler may have run");
    }

    private async Task ShouldBeToldAsync(HttpResponseMessage answer, string where)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType).ShouldBe((Status, "application/problem+json"), $"{where}: {text}");
        text.ShouldContain(Said, Case.Sensitive, where);
    }
}

/// <summary>Somebody who may decide, and decides in another's name.</summary>
internal sealed record NameAttack() : Attack(Holder.HttpCaller, "admin's key, and another's name in the body", "403: another name than the caller's")
{
    public override IReadOnlyList<Way> Ways => [Way.Http];

    public override string Seen => "nothing is stopped; `http_requests_total{code=\"4xx\"}`";

    public override Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way) => Task.FromResult(new Blow(async () =>
    {
        using var answer = await scene.PostAsync("policy/contract/stop", BrokerUser.Json(new { by = "ana", reason = "in her name" }), scene.Keys["admin"]);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    })
    {
        Counted = new Dictionary<string, double> { [Counters.RefusedCalls] = 1 },
    });
}
