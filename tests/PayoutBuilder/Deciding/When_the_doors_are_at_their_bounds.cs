using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Payouts.Builder.Deciding;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Hosting.Web;

namespace Payouts.Builder.Tests.Deciding;

/// <summary>Over HTTP: how much one answer shows, and how much one question may say.</summary>
public sealed class When_the_doors_are_at_their_bounds
{
    private const int Rows = 1001;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_show_at_most_1000_rows_of_each_list()
    {
        await using var host = await BuilderHost.StartAsync();
        await host.ReadAsync(async (db, token) =>
        {
            for (var number = 0; number < Rows; number++)
            {
                var payout = new Payout
                {
                    CorrelationId = Guid.CreateVersion7(), CurrentState = "Cancelled", RoundId = "round", Context = "GAME", RoundNumber = (uint)number, Winner = Sample.Account("winner"),
                    Amount = new Stroops(1), Currency = "XLM", PlannedAt = DateTimeOffset.UnixEpoch, EnteredStateAt = DateTimeOffset.UnixEpoch,
                };
                db.Add(payout);
                db.Add(new DecisionStep
                {
                    DecisionId = Guid.CreateVersion7(), Step = 1, PayoutId = payout.CorrelationId, Kind = DecisionKind.Hold, Status = DecisionStatus.Applied, ByWhom = "Ana", Reason = "test",
                    At = DateTimeOffset.UnixEpoch, Amount = payout.Amount, Currency = "XLM", BeforeState = "Building", AfterState = "OnHold",
                });
                db.Add(new ReconciliationFinding { Kind = FindingKind.PaidUnplanned, Subject = $"{number:D6}", Detail = "test", FoundAt = DateTimeOffset.UnixEpoch });
            }

            return await db.SaveChangesAsync(token);
        });

        foreach (var (limit, shown) in new[] { ("1000", 1000), ("1001", 1000), ("0", 1), ("-1", 1) })
        {
            (await ReadAsync(host, $"payouts?limit={limit}")).GetArrayLength().ShouldBe(shown);
            (await ReadAsync(host, $"decisions?limit={limit}")).GetArrayLength().ShouldBe(shown);
            (await ReadAsync(host, $"reconciliation?limit={limit}")).GetProperty("findings").GetArrayLength().ShouldBe(shown);
        }

        (await ReadAsync(host, "payouts")).GetArrayLength().ShouldBe(100);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(500, 500, 500, 500, HttpStatusCode.NotFound)]
    [InlineData(501, 1, 1, 1, HttpStatusCode.BadRequest)]
    [InlineData(1, 501, 1, 1, HttpStatusCode.BadRequest)]
    [InlineData(1, 1, 501, 1, HttpStatusCode.BadRequest)]
    [InlineData(1, 1, 1, 501, HttpStatusCode.BadRequest)]
    public async Task Should_take_500_characters_of_who_why_which_and_key(int by, int reason, int hash, int key, HttpStatusCode expected)
    {
        await using var host = await BuilderHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"payouts/{Guid.NewGuid()}/hold")
        {
            Content = JsonContent.Create(new { by = new string('b', by), reason = new string('r', reason), transactionHash = new string('h', hash) }),
        };
        request.Headers.Add("Idempotency-Key", new string('k', key));

        using var answer = await host.Http.SendAsync(request, Cancelled);
        answer.StatusCode.ShouldBe(expected, "a payout that does not exist is looked for only when the request is right");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_refuse_what_no_table_could_hold()
    {
        await using var host = await BuilderHost.StartAsync();
        using var answer = await host.Http.PostAsJsonAsync($"payouts/{Guid.NewGuid()}/hold", new { by = "Ana\0", reason = "test" }, Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Should_read_a_megabyte_of_a_request(int beyond, HttpStatusCode expected)
    {
        await using var host = await BuilderHost.StartAsync();
        var (head, tail) = ("{\"by\":\"Ana\",\"reason\":\"", "\"}");
        var text = head + new string('r', (int)ServiceHost.BodyBytesMax + beyond - head.Length - tail.Length) + tail;
        using var content = new StringContent(text, Encoding.ASCII, "application/json");

        using var answer = await host.Http.PostAsync($"payouts/{Guid.NewGuid()}/hold", content, Cancelled);
        answer.StatusCode.ShouldBe(expected, "within it the reason is read, and too long");
    }

    [Theory(Timeout = 60_000)]
    [InlineData(20)]
    [InlineData(21)]
    public async Task Should_repeat_20_characters_of_what_is_no_day(int length)
    {
        await using var host = await BuilderHost.StartAsync();
        using var answer = await host.Http.GetAsync($"reconciliation/days/{new string('d', length)}", Cancelled);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("detail").GetString().ShouldStartWith($"\"{new string('d', 20)}\" is no day");
    }

    private static Task<JsonElement> ReadAsync(BuilderHost host, string path) => host.Http.GetFromJsonAsync<JsonElement>(path, Cancelled);
}
