using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Builder;
using Payouts.Builder.Lanes;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Hosting.DeadLetters;
using Payouts.Signer;
using Payouts.Stellar;

namespace Payouts.Tests.Access;

/// <summary>Who decides is who is known at the door, whatever the body says.</summary>
public sealed class When_a_known_caller_decides
{
    private static readonly TokenIssuer Issuer = new();
    private static readonly string AnaKey = ApiKey.New();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_be_recorded_by_the_proven_name_and_need_somebody_else_to_approve()
    {
        using var folder = new Folder();
        await using var door = await OpenAsync(folder);
        using var anasKey = door.Client(AnaKey);
        using var anasToken = door.Client(Issuer.Token(new TokenClaims { Subject = "Ana", Roles = new[] { "operate", "approve" } }));
        using var ben = door.Client(Issuer.Token(new TokenClaims { Subject = "ben", Roles = new[] { "approve" } }));
        var payout = await PayoutAsync(door, 1);

        (await DecideAsync(anasKey, $"payouts/{payout}/hold", new { by = "ben", reason = "not me" })).ShouldBe(HttpStatusCode.Forbidden);
        (await StepsAsync(anasKey)).ShouldBeEmpty("a decision in another's name is none");
        (await DecideAsync(anasKey, $"payouts/{payout}/hold", new { reason = "look at it" })).ShouldBe(HttpStatusCode.Accepted);
        (await DecideAsync(anasKey, $"payouts/{payout}/release", new { by = "ana", reason = "it is right" })).ShouldBe(HttpStatusCode.Accepted);
        var proposed = (await StepsAsync(anasKey)).Single(step => step["status"]!.GetValue<string>() == "Proposed");
        proposed["by"]!.GetValue<string>().ShouldBe("ana");

        var approve = $"decisions/{proposed["decisionId"]}/approve";
        (await DecideAsync(anasKey, approve, new { reason = "mine" })).ShouldBe(HttpStatusCode.Conflict, "her key");
        (await DecideAsync(anasToken, approve, new { reason = "mine" })).ShouldBe(HttpStatusCode.Conflict, "her token");
        (await DecideAsync(anasToken, approve, new { by = "ben", reason = "I am Ben" })).ShouldBe(HttpStatusCode.Forbidden, "in his name");
        (await DecideAsync(ben, $"payouts/{payout}/hold", new { reason = "he may only approve" })).ShouldBe(HttpStatusCode.Forbidden);
        (await DecideAsync(ben, approve, new { reason = "I looked" })).ShouldBe(HttpStatusCode.Accepted);
        (await StepsAsync(ben)).Single(step => step["step"]!.GetValue<int>() == 2)["by"]!.GetValue<string>().ShouldBe("ben");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_whom_the_body_names_where_nobody_is_known()
    {
        await using var door = await Door.OpenAsync(new Dictionary<string, string?> { ["HTTP_API_KEY"] = "development" }, [new PayoutBuilderModule()]);
        using var client = door.Client("development");
        var payout = await PayoutAsync(door, 2);
        (await DecideAsync(client, $"payouts/{payout}/hold", new { reason = "nobody says who" })).ShouldBe(HttpStatusCode.BadRequest);
        (await DecideAsync(client, $"payouts/{payout}/hold", new { by = "Ben", reason = "look at it" })).ShouldBe(HttpStatusCode.Accepted);
        (await StepsAsync(client)).ShouldHaveSingleItem()["by"]!.GetValue<string>().ShouldBe("Ben");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_named_on_the_letter_that_he_replays()
    {
        using var folder = new Folder();
        await using var door = await OpenAsync(folder);
        using var ana = door.Client(AnaKey);
        var id = Guid.NewGuid();
        await using (var db = await door.App.Services.GetRequiredService<IDbContextFactory<BuilderDbContext>>().CreateDbContextAsync(Cancelled))
        {
            db.DeadLetters.Add(new DeadLetter
            {
                Id = id, Queue = "payout-builder.payout", MessageId = Guid.NewGuid(), MessageType = "urn:message:Payouts.Contracts:CancelPayout", Body = "{}"u8.ToArray(),
                Reason = "test", Detail = "test", DiedAt = TimeProvider.System.GetUtcNow(),
            });
            await db.SaveChangesAsync(Cancelled);
        }

        (await ana.PostAsync($"payout-builder/dead-letters/{id}/replay", null, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await ana.GetFromJsonAsync<JsonNode>($"payout-builder/dead-letters/{id}", Cancelled))!["letter"]!["replayedBy"]!.GetValue<string>().ShouldBe("ana");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_be_recorded_with_the_channel_that_is_retired()
    {
        using var folder = new Folder();
        await using var door = await OpenAsync(folder);
        using var ana = door.Client(AnaKey);
        await using (var db = await door.App.Services.GetRequiredService<IDbContextFactory<BuilderDbContext>>().CreateDbContextAsync(Cancelled))
        {
            // The last channel in use is not retired, and those of the settings are listed by a loop that begins after the start.
            await Probe.Until("the service's own channel is listed", token => db.Channels.AnyAsync(token), listed => listed);
            db.Add(new Channel { Account = "GCHANNEL", LastUsedAt = DateTimeOffset.UnixEpoch });
            await db.SaveChangesAsync(Cancelled);
        }

        (await DecideAsync(ana, "channels/GCHANNEL/retire", new { by = "ben", reason = "not me" })).ShouldBe(HttpStatusCode.Forbidden);
        (await RetiredByAsync(ana)).ShouldBeNull("a decision in another's name is none");
        // As the channels command asks: it cannot know the name of its key.
        (await DecideAsync(ana, "channels/GCHANNEL/retire", new { by = (string?)null, reason = "too many" })).ShouldBe(HttpStatusCode.OK);
        (await RetiredByAsync(ana)).ShouldBe("ana");
        (await DecideAsync(ana, "channels/GCHANNEL/keep", new { by = "ben", reason = "not me" })).ShouldBe(HttpStatusCode.Forbidden);
        (await DecideAsync(ana, "channels/GCHANNEL/keep", new { reason = "a mistake" })).ShouldBe(HttpStatusCode.OK);
        (await RetiredByAsync(ana)).ShouldBeNull();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_be_recorded_with_what_the_signing_policy_stops()
    {
        using var folder = new Folder();
        await using var door = await Door.OpenAsync(new Dictionary<string, string?> { ["HTTP_API_KEYS_FILE"] = folder.Write("keys", ApiKeyFile.LineOf("ana", ["admin"], AnaKey)) }, [new PayoutSignerModule()]);
        using var ana = door.Client(AnaKey);
        foreach (var (what, stopped) in new[] { ("stop", true), ("let-go", false) })
        {
            (await DecideAsync(ana, $"policy/XLM/{what}", new { by = "ben", reason = "not me" })).ShouldBe(HttpStatusCode.Forbidden);
            (await DecideAsync(ana, $"policy/XLM/{what}", new { reason = what })).ShouldBe(HttpStatusCode.NoContent);
            var now = (await ana.GetFromJsonAsync<JsonNode>("policy", Cancelled))!["switches"]!.AsArray().Single(x => x!["subject"]!.GetValue<string>() == "XLM")!;
            (now["stopped"]!.GetValue<bool>(), now["by"]!.GetValue<string>(), now["reason"]!.GetValue<string>()).ShouldBe((stopped, "ana", what));
        }

        (await DecideAsync(ana, "sign-requests/00000000-0000-0000-0000-000000000001/approve", new { by = "ben", reason = "not me" })).ShouldBe(HttpStatusCode.Forbidden);
        (await DecideAsync(ana, "sign-requests/00000000-0000-0000-0000-000000000001/approve", new { reason = "mine" })).ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<string?> RetiredByAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonNode>("channels/GCHANNEL", Cancelled))!["retiredBy"]?.GetValue<string>();

    private static Task<Door> OpenAsync(Folder folder) => Door.OpenAsync(new Dictionary<string, string?>
    {
        ["PAYOUTS_FOUR_EYES"] = "true",
        ["HTTP_API_KEYS_FILE"] = folder.Write("keys", ApiKeyFile.LineOf("ana", ["operate", "approve"], AnaKey)),
        ["HTTP_JWT_JWKS_FILE"] = folder.Write("jwks.json", TokenIssuer.KeySet(Issuer)),
        ["HTTP_JWT_ISSUER"] = TokenIssuer.Issuer,
        ["HTTP_JWT_AUDIENCE"] = TokenIssuer.Audience,
    }, [new PayoutBuilderModule()]);

    /// <summary>A payout that waits for its channel: there is no network.</summary>
    private static async Task<string> PayoutAsync(Door door, uint round)
    {
        var winner = KeyPair.FromRawSeed(SHA256.HashData("winner"u8)).AccountId.ToString();
        await door.App.Services.GetRequiredService<IBus>().Publish(new RoundResolved
        {
            RoundId = $"round-{round}", Context = "GAME", PoolId = 7, RoundNumber = round, Currency = "XLM", Owed = new Stroops(10),
            Payouts = [new OwedPayout { Winner = winner, Amount = new Stroops(10) }],
        }, context => context.MessageId = Guid.NewGuid(), Cancelled);
        var contexts = door.App.Services.GetRequiredService<IDbContextFactory<BuilderDbContext>>();
        return await Probe.Until("the payout is planned", async token =>
        {
            await using var db = await contexts.CreateDbContextAsync(token);
            return (await db.Payouts.AsNoTracking().FirstOrDefaultAsync(token))?.CorrelationId.ToString();
        }, id => id is not null) ?? "";
    }

    private static async Task<HttpStatusCode> DecideAsync(HttpClient client, string path, object decision)
    {
        using var answer = await client.PostAsJsonAsync(path, decision, Cancelled);
        return answer.StatusCode;
    }

    private static async Task<IReadOnlyList<JsonNode>> StepsAsync(HttpClient client) => [.. (await client.GetFromJsonAsync<JsonArray>("decisions", Cancelled))!.Select(step => step!)];
}
