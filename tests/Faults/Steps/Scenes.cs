using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Payouts.Devnet.Faults;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Steps;

/// <summary>
/// What the suite goes through, path by path, until the ledger's balances are right. A service may die in the middle of each: whoever asks
/// over HTTP asks until he is answered.
/// </summary>
internal static class Scenes
{
    public const string Start = "start";
    private const string Authorized = "authorized";
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(180);

    /// <summary>In the order in which they are listed: a point belongs to the first scene that passes it.</summary>
    public static IReadOnlyDictionary<string, Func<StepSuite, CancellationToken, Task>> All { get; } =
        new Dictionary<string, Func<StepSuite, CancellationToken, Task>>(StringComparer.Ordinal)
        {
            ["round"] = RoundAsync,
            [Start] = StartAsync,
            ["late"] = LateAsync,
            ["expired"] = ExpiredAsync,
            ["refused"] = RefusedAsync,
            ["rejected"] = RejectedAsync,
            ["cancelled"] = CancelledAsync,
            ["archived"] = ArchivedAsync,
            [Authorized] = AuthorizedAsync,
        };

    /// <summary>What the external signer signs in a scene: payout-builder is started for it.</summary>
    public static string FormOf(string scene) => scene == Authorized ? "authorization" : "envelope";

    /// <summary>
    /// Everybody is paid. The ledger stands still until the outcomes were asked for, which a fast one seldom lets happen; not for long, because
    /// a node whose ledger is 30 s old calls itself unhealthy, and nobody asks it.
    /// </summary>
    private static async Task RoundAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        var round = steps.NextRound("round");
        var faults = steps.Suite.Devnet.Ledger.Faults;
        var stall = faults.Add(new FaultRule { Kind = FaultKind.LedgerStall });
        try
        {
            await PlayAsync(steps, round, cancellationToken);
            await UntilCountAsync(steps, "an outcome is asked for", round,
                "select count(*) from payout_submitter.submissions s join payout_builder.payouts p on p.payout_id = s.payout_id where p.round_id = $1 and s.check_at > s.accepted_at + interval '2 seconds'",
                1, cancellationToken, StallMax);
        }
        catch (ProbeTimeoutException)
        {
            // Too slow this time: the round goes on without it, and a point that was not passed is tried again.
        }
        finally
        {
            faults.Remove(stall);
        }

        await SettledAsync(steps, round, cancellationToken);
    }

    /// <summary>A channel that the table does not know is learned from the ledger, as at a first start; the pool looks every half minute.</summary>
    private static async Task StartAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        await UntilAsync("the channels are known", token => steps.Suite.Database.ReadAsync<long>("select count(*) from payout_builder.channels where next_sequence is not null", token),
            count => count == StepSuite.Channels, cancellationToken);
        // It owns no slot: nothing refers to it.
        var removed = await steps.Suite.Database.ReadAsync<string>(
            "delete from payout_builder.channels where account = (select account from payout_builder.channels where open_slots = 0 order by last_used_at limit 1) returning account", cancellationToken);
        await UntilAsync("the channel is known again", token => steps.Suite.Database.ReadAsync<long>($"select count(*) from payout_builder.channels where account = '{removed}' and next_sequence is not null", token),
            count => count == 1, cancellationToken);
        var round = steps.NextRound("start");
        await PlayAsync(steps, round, cancellationToken);
        await SettledAsync(steps, round, cancellationToken);
    }

    /// <summary>An event that can never be taken becomes a dead letter, is sent again by an operator, and dies again; the round beside it is paid.</summary>
    private static async Task RefusedAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        var round = steps.NextRound("refused");
        await PlayAsync(steps, round, cancellationToken);
        await SettledAsync(steps, round, cancellationToken);
        var bad = new JsonObject { ["roundId"] = round.Id, ["entries"] = new JsonArray(new JsonObject { ["player"] = "nobody", ["stake"] = "10" }) };
        await steps.Suite.Game.PublishAsync("GameRoundEntered", bad, cancellationToken);
        var letter = await UntilAsync("the letter is there", token => LetterAsync(steps, replayed: false, token), id => id is not null, cancellationToken);
        await UntilAsync("the letter is replayed", async token =>
        {
            using var answer = await steps.Suite["rounds"].Http.PostAsync($"rounds/dead-letters/{letter}/replay", null, token);
            return answer.IsSuccessStatusCode || await IsReplayedAsync(steps, letter!, token);
        }, done => done, cancellationToken);
        // It dies again: that letter is put away too, so that the next scene sees its own.
        var again = await UntilAsync("it is refused again", token => LetterAsync(steps, replayed: false, token), id => id is not null && id != letter, cancellationToken);
        await steps.Suite.Database.ReadAsync<string>($"update rounds.dead_letters set replayed_at = now() where id = '{again}' returning id::text", cancellationToken);
        steps.Suite.ShouldHavePaidEachOnce(round.Number, round.Players);
    }

    /// <summary>The signer refuses one payout; a human asks for evidence, then has it paid after all.</summary>
    private static async Task RejectedAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        var round = steps.NextRound("rejected");
        var payout = await HeldBackAsync(steps, round, async (request, token) =>
        {
            // Nobody else may say this: a connection of the KMS team's own.
            await using var kms = await GameClient.ConnectAsync(steps.Suite.BrokerUsers["kms"], token);
            await kms.PublishAsync("SigningRejected", new JsonObject { ["requestId"] = request.Id, ["reason"] = "not today" }, token);
            await UntilStateAsync(steps, request.Payout, "OnHold", token);
        }, cancellationToken);
        // Retried earlier, it would sometimes overtake the burning of its slot.
        await UntilCountAsync(steps, "its slot is burned", round, $"select count(*) from payout_builder.payouts where round_id = $1 and payout_id = '{payout}' and channel is null", 1, cancellationToken);
        await DecideAsync(steps, payout, "verify", "Confirmed", cancellationToken, once: true);
        await DecideAsync(steps, payout, "retry", "Confirmed", cancellationToken);
        await SettledAsync(steps, round, cancellationToken);
    }

    /// <summary>Calls are authorized; the signer refuses one, and a human has it asked for again.</summary>
    private static async Task AuthorizedAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        var round = steps.NextRound("authorized");
        var payout = await HeldBackAsync(steps, round, async (request, token) =>
        {
            await using var kms = await GameClient.ConnectAsync(steps.Suite.BrokerUsers["kms"], token);
            await kms.PublishAsync("SigningRejected", new JsonObject { ["requestId"] = request.Id, ["reason"] = "not today" }, token);
            await UntilStateAsync(steps, request.Payout, "OnHold", token);
        }, cancellationToken, waitingIn: "Authorizing");
        await DecideAsync(steps, payout, "retry", "Confirmed", cancellationToken);
        await SettledAsync(steps, round, cancellationToken);
    }

    /// <summary>An operator cancels one payout while it is at the signer: its slot is burned, the others are paid, it is not.</summary>
    private static async Task CancelledAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        var round = steps.NextRound("cancelled");
        var payout = await HeldBackAsync(steps, round, (request, token) => DecideAsync(steps, request.Payout, "cancel", "Cancelled", token), cancellationToken);
        var winner = (await PayoutAsync(steps, payout, cancellationToken))["winner"]!.GetValue<string>();
        var paid = round.Players.Where(player => player != winner).ToList();
        await UntilCountAsync(steps, "the others are paid", round, "select count(*) from payout_builder.payouts where round_id = $1 and current_state = 'Confirmed'", paid.Count, cancellationToken);
        steps.Suite.ShouldHavePaidEachOnce(round.Number, paid);
    }

    /// <summary>The signer's answer comes after the envelopes' validity: built and asked again, on the same slots.</summary>
    private static async Task LateAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        var round = steps.NextRound("late");
        await WhileSignerSleepsAsync(steps, async () =>
        {
            await PlayAsync(steps, round, cancellationToken);
            await UntilCountAsync(steps, "each is built again", round, "select count(*) from payout_builder.payouts where round_id = $1 and attempt >= 2", round.Players.Count, cancellationToken);
        });
        await SettledAsync(steps, round, cancellationToken);
    }

    /// <summary>The network takes nothing until the envelopes are provably dead: built again, on the same slots.</summary>
    private static async Task ExpiredAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        var round = steps.NextRound("expired");
        var faults = steps.Suite.Devnet.Ledger.Faults;
        var full = faults.Add(new FaultRule { Kind = FaultKind.QueueFull });
        try
        {
            await PlayAsync(steps, round, cancellationToken);
            await UntilCountAsync(steps, "one is built again", round, "select count(*) from payout_builder.payouts where round_id = $1 and attempt >= 2", 1, cancellationToken);
        }
        finally
        {
            faults.Remove(full);
        }

        await SettledAsync(steps, round, cancellationToken);
    }

    /// <summary>The server wants archived entries restored by a transaction of their own: slots are spent on that, then everybody is paid.</summary>
    private static async Task ArchivedAsync(StepSuite steps, CancellationToken cancellationToken)
    {
        var round = steps.NextRound("archived");
        var ledger = steps.Suite.Devnet.Ledger;
        var old = ledger.Faults.Add(new FaultRule { Kind = FaultKind.RestorePreamble });
        try
        {
            ledger.ArchiveInstance(ledger.PayoutContract);
            await PlayAsync(steps, round, cancellationToken);
            await UntilCountAsync(steps, "a slot is spent on restoring", round, "select count(*) from payout_builder.payouts where round_id = $1 and restores > 0", 1, cancellationToken);
        }
        finally
        {
            ledger.Faults.Remove(old);
        }

        await SettledAsync(steps, round, cancellationToken);
    }

    private static Task PlayAsync(StepSuite steps, SceneRound round, CancellationToken cancellationToken) =>
        steps.Suite.Game.PlayAsync(round.Id, round.Number, round.Players, cancellationToken);

    private static async Task SettledAsync(StepSuite steps, SceneRound round, CancellationToken cancellationToken)
    {
        await steps.Suite.SettledAsync(round.Id, Within, cancellationToken);
        steps.Suite.ShouldHavePaidEachOnce(round.Number, round.Players);
        await ToldAsync(steps, round, cancellationToken);
    }

    /// <summary>Over HTTP the game hears of each payout once, after the resolution and before the settlement.</summary>
    private static Task ToldAsync(StepSuite steps, SceneRound round, CancellationToken cancellationToken) => UntilAsync(
        $"the game is told of {round.Id}", _ => Task.FromResult(string.Join(", ", steps.Told.EventsOf(round.Id).Where(name => name != "PayoutOnHold"))),
        told => told == $"RoundResolved, {string.Concat(Enumerable.Repeat("PayoutSettled, ", round.Players.Count))}RoundSettled", cancellationToken);

    /// <summary>Plays the round while the signer sleeps, does something with one of its requests, and wakes the signer. Returns the payout.</summary>
    private static async Task<string> HeldBackAsync(StepSuite steps, SceneRound round, Func<Request, CancellationToken, Task> act, CancellationToken cancellationToken, string waitingIn = "AwaitingSignature")
    {
        Request? request = null;
        await WhileSignerSleepsAsync(steps, async () =>
        {
            await PlayAsync(steps, round, cancellationToken);
            request = await UntilAsync("a request waits at the signer", token => RequestOfAsync(steps, round, waitingIn, token), x => x is not null, cancellationToken);
            await act(request!, cancellationToken);
        });
        return request!.Payout;
    }

    private static async Task<Request?> RequestOfAsync(StepSuite steps, SceneRound round, string waitingIn, CancellationToken cancellationToken)
    {
        var found = await steps.Suite.Database.ReadAsync<string>(
            $"""
            select coalesce(max(r.request_id::text || ' ' || r.payout_id::text), '') from payout_signer.sign_requests r join payout_builder.payouts p on p.payout_id = r.payout_id
            where r.state = 'Waiting' and p.current_state = '{waitingIn}' and p.round_id = '{round.Id}'
            """, cancellationToken);
        return found?.Split(' ') is [var id, var payout] ? new Request(id, payout) : null;
    }

    private static async Task WhileSignerSleepsAsync(StepSuite steps, Func<Task> act)
    {
        steps.Suite["local-signer"].Pause();
        try
        {
            await act();
        }
        finally
        {
            steps.Suite["local-signer"].Resume();
        }
    }

    /// <summary>Decides, as an operator would: again until it had its effect, or once when the effect is not the payout's end.</summary>
    private static Task DecideAsync(StepSuite steps, string payout, string decision, string end, CancellationToken cancellationToken, bool once = false) =>
        UntilAsync($"{decision} of payout {payout} has its effect", async token =>
        {
            if ((await PayoutAsync(steps, payout, token))["state"]!.GetValue<string>() == end)
                return true;
            using var answer = await steps.Suite["payout-builder"].Http.PostAsJsonAsync($"payouts/{payout}/{decision}", new { by = "an operator", reason = "a scene" }, token);
            return once && answer.IsSuccessStatusCode;
        }, done => done, cancellationToken);

    private static Task UntilStateAsync(StepSuite steps, string payout, string state, CancellationToken cancellationToken) =>
        UntilAsync($"payout {payout} is {state}", async token => (await PayoutAsync(steps, payout, token))["state"]!.GetValue<string>(), seen => seen == state, cancellationToken);

    private static async Task<JsonNode> PayoutAsync(StepSuite steps, string payout, CancellationToken cancellationToken) =>
        await UntilAsync($"payout {payout} can be read", async token =>
            JsonNode.Parse(await steps.Suite["payout-builder"].Http.GetStringAsync($"payouts/{payout}", token))!["payout"]!, _ => true, cancellationToken);

    private static async Task<string?> LetterAsync(StepSuite steps, bool replayed, CancellationToken cancellationToken) =>
        JsonNode.Parse(await steps.Suite["rounds"].Http.GetStringAsync($"rounds/dead-letters?replayed={replayed}", cancellationToken))!.AsArray()
            .Select(letter => letter!["id"]!.GetValue<string>()).FirstOrDefault();

    private static async Task<bool> IsReplayedAsync(StepSuite steps, string letter, CancellationToken cancellationToken) =>
        await steps.Suite.Database.ReadAsync<bool>($"select replayed_at is not null from rounds.dead_letters where id = '{letter}'", cancellationToken);

    private static Task UntilCountAsync(StepSuite steps, string what, SceneRound round, string query, long count, CancellationToken cancellationToken, TimeSpan? within = null) =>
        Probe.Until($"{what} ({round.Id})", token => steps.Suite.Database.ReadAsync<long>(query.Replace("$1", $"'{round.Id}'", StringComparison.Ordinal), token), seen => seen >= count, within ?? Within, TimeSpan.FromMilliseconds(200), cancellationToken);

    private static Task<T> UntilAsync<T>(string what, Func<CancellationToken, Task<T>> read, Func<T, bool> isMet, CancellationToken cancellationToken) =>
        Probe.Until(what, read, isMet, Within, TimeSpan.FromMilliseconds(200), cancellationToken);

    /// <summary>A request that waits at the signer.</summary>
    private sealed record Request(string Id, string Payout);
}
