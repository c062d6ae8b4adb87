using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd.Replicas;

/// <summary>
/// Two processes of each service and two external signers, as a cluster runs them. What is said, delivered, found or written down once must not be so twice because two
/// could do it, and whichever replica is asked gives the same answer.
/// </summary>
public sealed class When_there_are_two_of_everything(Servers servers)
{
    private const int PlayersPerRound = 20;
    private static readonly string[] Names = ["rounds", "payout-builder", "payout-signer", "payout-submitter"];
    private static readonly string[] Rounds = ["one", "two", "three"];
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task Should_do_everything_once_and_answer_the_same_from_either()
    {
        var lines = new ConcurrentQueue<string>();
        await using var game = await ToldGame.StartAsync(Cancelled);
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions
        {
            Players = [.. Enumerable.Range(0, Rounds.Length * PlayersPerRound).Select(SuiteKeys.Player)],
            Replicas = 2,
            Channels = 20,
            CloseTime = TimeSpan.FromSeconds(1),
            Heard = (_, line) => lines.Enqueue(line),
            Adjust = (process, settings) =>
            {
                if (SuiteProcesses.ServiceOf(process) == "rounds")
                    settings["ROUNDS_WEBHOOKS_FILE"] = game.EndpointsFile;
            },
        }, Cancelled);
        var published = await Published.KeepAsync(suite.Broker, ["RoundResolved", "SigningRequested", "PayoutConfirmed", "PayoutSettled", "RoundSettled"], Cancelled);

        foreach (var (round, number) in Rounds.Select((round, at) => (round, at)))
            await suite.Game.PlayAsync(round, (uint)number + 1, Players(number), Cancelled);
        foreach (var round in Rounds)
            await suite.SettledAsync(round, Within, Cancelled);
        await Probe.Until("the outboxes are empty", suite.OutboxAsync, count => count == 0, Within, cancellationToken: Cancelled);
        foreach (var number in Enumerable.Range(0, Rounds.Length))
            suite.ShouldHavePaidEachOnce((uint)number + 1, Players(number));
        await ShouldHaveSharedTheWorkAsync(suite);
        ShouldHaveSaidEachOnce(await published.TakeAsync(Cancelled));
        await ShouldHaveDeliveredEachOnceAsync(suite, game);
        await ShouldKeepOneChainAsync(suite, lines);
        await ShouldShowOneFindingAsync(suite, lines);
        await ShouldShowTheSameLettersAsync(suite);
    }

    private static string[] Players(int round) => [.. Enumerable.Range(round * PlayersPerRound, PlayersPerRound).Select(SuiteKeys.Player)];

    /// <summary>Or nothing of this would say anything about two.</summary>
    private static async Task ShouldHaveSharedTheWorkAsync(SuiteProcesses suite)
    {
        foreach (var (process, replica) in suite.Services.Where(x => Names.Contains(SuiteProcesses.ServiceOf(x.Key))))
            (await Metrics.SumAsync(replica, "masstransit_receive_total", "", Cancelled)).ShouldBeGreaterThan(0, process);
    }

    /// <summary>Nobody died, so nothing had to be said again.</summary>
    private static void ShouldHaveSaidEachOnce(IReadOnlyList<(string Contract, JsonNode Body)> messages)
    {
        foreach (var (contract, subject, count) in new[]
        {
            ("RoundResolved", "roundId", Rounds.Length), ("RoundSettled", "roundId", Rounds.Length),
            ("SigningRequested", "payoutId", Rounds.Length * PlayersPerRound), ("PayoutConfirmed", "payoutId", Rounds.Length * PlayersPerRound), ("PayoutSettled", "payoutId", Rounds.Length * PlayersPerRound),
        })
        {
            var subjects = messages.Where(message => message.Contract == contract).Select(message => message.Body[subject]!.GetValue<string>()).ToList();
            subjects.Count.ShouldBe(count, contract);
            subjects.Distinct(StringComparer.Ordinal).Count().ShouldBe(count, contract);
        }
    }

    private static async Task ShouldHaveDeliveredEachOnceAsync(SuiteProcesses suite, ToldGame game)
    {
        // RoundResolved and RoundSettled of each round, and the end of each payout.
        const int Deliveries = 3 * (2 + PlayersPerRound);
        var rows = await Probe.Until(
            "both show each webhook as delivered", token => FromBothAsync(suite, "rounds", "webhooks?state=delivered&limit=200", token),
            answers => answers.All(answer => answer["webhooks"]!.AsArray().Count >= Deliveries), Within, cancellationToken: Cancelled);
        rows[0].ToJsonString().ShouldBe(rows[1].ToJsonString());
        game.Ids.Count(id => id.StartsWith("RoundSettled_", StringComparison.Ordinal)).ShouldBe(Rounds.Length);
        game.Ids.Count.ShouldBe(Deliveries);
        game.Ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(game.Ids.Count);
    }

    /// <summary>Two write checkpoints; the chain has no fork, and each link is told once.</summary>
    private static async Task ShouldKeepOneChainAsync(SuiteProcesses suite, ConcurrentQueue<string> lines)
    {
        await Probe.Until(
            "every end of a trail is under a checkpoint",
            token => suite.Database.ReadAsync<long>("select count(*) from rounds.round_trail t where not exists (select 1 from rounds.trail_checkpoint_heads h where h.round_id = t.round_id and h.trail_seq >= t.seq)", token),
            uncovered => uncovered == 0, Within, cancellationToken: Cancelled);
        var (code, output) = await suite.RunCommandAsync("rounds", ["verify"], Within, Cancelled);
        code.ShouldBe(0, output);
        var links = await suite.Database.ReadAsync<long>("select count(*) from rounds.trail_checkpoints", Cancelled);
        (await suite.Database.ReadAsync<long>("select count(distinct previous_hash) from rounds.trail_checkpoints", Cancelled)).ShouldBe(links);
        await Probe.Until("each checkpoint is told once", () => lines.Count(line => line.Contains(" trails: ", StringComparison.Ordinal) && line.Contains("checkpoint ", StringComparison.Ordinal)) == links, Within, Cancelled);
    }

    /// <summary>The books of both see a payment by hand, one row is made of it, and one of them tells it.</summary>
    private static async Task ShouldShowOneFindingAsync(SuiteProcesses suite, ConcurrentQueue<string> lines)
    {
        var hash = await AdminByHand.PayAsync(suite, roundNumber: 77, Players(0)[3], Cancelled);
        var books = await Probe.Until(
            "both replicas show the finding", token => FromBothAsync(suite, "payout-builder", "reconciliation", token),
            answers => answers.All(answer => answer["findings"]!.AsArray().Count == 1), Within, cancellationToken: Cancelled);
        books[0]["findings"]!.ToJsonString().ShouldBe(books[1]["findings"]!.ToJsonString());
        books[0]["findings"]![0]!["kind"]!.GetValue<string>().ShouldBe("PaidUnplanned");
        foreach (var replica in suite.ReplicasOf("payout-builder"))
            await Probe.Until(
                "its metric shows it", token => Metrics.ByLabelAsync(replica, "payout_reconciliation_findings", "kind", token), found => found.GetValueOrDefault("PaidUnplanned") == 1 && found.Values.Sum() == 1, Within, cancellationToken: Cancelled);
        lines.Count(line => line.Contains($"reconciliation: PaidUnplanned: {hash}", StringComparison.Ordinal)).ShouldBe(1, "a finding is told once");
        foreach (var round in Rounds)
        {
            var proofs = await Probe.Until(
                "both prove the round", token => FromBothAsync(suite, "payout-builder", $"reconciliation/rounds/{round}", token), answers => answers.All(answer => answer["settled"]!.GetValue<bool>()), Within, cancellationToken: Cancelled);
            proofs[0]["currencies"]!.ToJsonString().ShouldBe(proofs[1]["currencies"]!.ToJsonString());
        }
    }

    /// <summary>What one of them puts aside, both show.</summary>
    private static async Task ShouldShowTheSameLettersAsync(SuiteProcesses suite)
    {
        await using var owner = await GameClient.ConnectAsync(suite.Broker, Cancelled);
        foreach (var (service, queue, contract) in new[]
        {
            ("rounds", "rounds.game-round-drawn", "GameRoundDrawn"), ("payout-builder", "payout-builder.payout", "PayoutConfirmed"),
            ("payout-signer", "payout-signer.signing-completed", "SigningCompleted"), ("payout-submitter", "payout-submitter.submit-payout", "SubmitPayout"),
        })
        {
            await owner.PublishToQueueAsync(queue, contract, new JsonObject { ["nonsense"] = string.Create(CultureInfo.InvariantCulture, $"for {service}") }, Cancelled);
            var letters = await Probe.Until(
                $"both replicas of {service} show the letter", token => FromBothAsync(suite, service, $"{service}/dead-letters", token), answers => answers.All(answer => answer.AsArray().Count > 0), Within, cancellationToken: Cancelled);
            letters[0].AsArray().Count.ShouldBe(1, service);
            letters[0].ToJsonString().ShouldBe(letters[1].ToJsonString(), service);
        }
    }

    private static async Task<JsonNode[]> FromBothAsync(SuiteProcesses suite, string service, string path, CancellationToken cancellationToken) =>
        await Task.WhenAll(suite.ReplicasOf(service).Select(async replica => JsonNode.Parse(await replica.Http.GetStringAsync(path, cancellationToken))!));
}
