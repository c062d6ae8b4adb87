using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>
/// Four processes, RabbitMQ, PostgreSQL, and a signer that is dead, slow, forgetful, flapping, lying or repeats itself: payouts wait, are asked for
/// again on their slot, and everybody is paid once. Judged on the ledger.
/// </summary>
public sealed partial class When_a_signer_misbehaves(Servers servers)
{
    private const int PlayersEach = 4;
    private const int Repeats = 3;

    // Envelopes live for as long; a request can be answered in time until 10 s before the end.
    private const int ValiditySeconds = 16;

    /// <summary>When the envelope has expired: two of the devnet's ledgers close in a second, and each is a second of the ledger's time.</summary>
    private static readonly TimeSpan SlowBy = TimeSpan.FromSeconds(9);

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>How the signer behaves, by the number of the round whose payouts it is asked for.</summary>
    private enum Manner : uint
    {
        Slow = 11,
        Forgetful,
        Flapping,
        Lying,
        Repeating,
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_show_how_long_a_dead_one_keeps_us_waiting_and_pay_when_it_is_back()
    {
        const uint Round = 10;
        await using var suite = await StartAsync();
        await suite.Game.PlayAsync("dead", Round, PlayersOf(Round), Cancelled);

        var early = await Probe.Until("the oldest open request has an age", token => OldestAsync(suite, token), age => age > 0, Within, cancellationToken: Cancelled);
        await Probe.Until("it grows older", token => OldestAsync(suite, token), age => age >= early + 2, Within, cancellationToken: Cancelled);
        suite.Devnet.Ledger.Payouts().ShouldBeEmpty();
        await AskedAgainAsync(suite, "dead", PlayersEach);
        await Probe.Until("the age is that of the first request, not of the last", token => OldestAsync(suite, token), age => age > ValiditySeconds, Within, cancellationToken: Cancelled);

        await using var signer = await MisbehavingSigner.StartAsync(suite, async (self, request) =>
        {
            // The expired requests too: they were in the queue all the time.
            await self.AnswerAsync(request.Right, Guid.NewGuid());
            return true;
        }, Cancelled);
        await suite.SettledAsync("dead", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(Round, PlayersOf(Round));
        await Probe.Until("nothing waits any more", token => OldestAsync(suite, token), age => age == 0, Within, cancellationToken: Cancelled);
        await ShouldHaveKeptTheirSlotsAsync(suite);
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_pay_everybody_once_whatever_it_does()
    {
        var answered = new ConcurrentBag<TakenRequest>();
        var taken = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        await using var suite = await StartAsync();
        await using (await MisbehavingSigner.StartAsync(suite, BehaveAsync, Cancelled))
        {
            foreach (var manner in Enum.GetValues<Manner>())
                await suite.Game.PlayAsync(manner.ToString(), (uint)manner, PlayersOf((uint)manner), Cancelled);
            await Probe.Until("it sits on what it took", () => taken.Count == PlayersEach, Within, Cancelled);
        }

        // It has died over them, and comes back.
        await using var again = await MisbehavingSigner.StartAsync(suite, BehaveAsync, Cancelled);
        foreach (var manner in Enum.GetValues<Manner>())
            await suite.SettledAsync(manner.ToString(), Within, Cancelled);
        ShouldHavePaidAll(suite);

        await AskedAgainAsync(suite, nameof(Manner.Forgetful), PlayersEach / 2);
        await ShouldHaveKeptTheirSlotsAsync(suite);
        var lies = await suite.OpenLettersAsync(Cancelled);
        lies.Select(letter => letter.Split(": ")[..2]).ShouldAllBe(letter => letter[0] == "payout-signer.signing-completed");
        lies.Select(letter => letter.Split(": ")[1]).Distinct().Order(StringComparer.Ordinal).ShouldBe(["ExtraSignature", "HashMismatch", "NoSignature", "SignatureInvalid"]);
        await RepeatAfterTheEndAsync(suite, again, [.. answered.Where(request => request.Round == (uint)Manner.Repeating)]);
        ShouldHavePaidAll(suite);

        async Task<bool> BehaveAsync(MisbehavingSigner self, TakenRequest request)
        {
            switch ((Manner)request.Round)
            {
                case Manner.Slow when request.Attempt == 1:
                    using (var timer = new PeriodicTimer(SlowBy))
                        await timer.WaitForNextTickAsync(self.Dead);
                    break;
                case Manner.Forgetful when request.Attempt == 1 && PlayersOf(request.Round)[..(PlayersEach / 2)].Contains(request.Winner):
                    return true;
                case Manner.Flapping when !request.Redelivered:
                    taken[request.Id] = true;
                    return false;
                case Manner.Lying:
                    foreach (var lie in LiesAbout(request))
                        await self.AnswerAsync(lie, Guid.NewGuid());
                    break;
                case Manner.Repeating:
                    var id = Guid.NewGuid();
                    for (var times = 0; times < Repeats; times++)
                        await Task.WhenAll(self.AnswerAsync(request.Right, id), self.AnswerAsync(request.Right, Guid.NewGuid()), PostAsync(suite, request));
                    answered.Add(request);
                    break;
            }

            await self.AnswerAsync(request.Right, Guid.NewGuid());
            return true;
        }
    }

    private static IEnumerable<JsonObject> LiesAbout(TakenRequest request)
    {
        var hash = Convert.FromHexString(request.Hash);
        // A stranger's signature under the right name; the right key over something else; for another hash; for another key; for nothing.
        yield return request.Answer(SuiteKeys.Named("a stranger"), hash);
        yield return request.Answer(SuiteKeys.PayoutSource, [.. hash.Reverse()]);
        yield return With("transactionHash", new string('a', 64));
        var ofAnother = request.Right;
        ofAnother["signatures"]![0]!["publicKey"] = SuiteKeys.Named("a stranger").AccountId.ToString();
        yield return ofAnother;
        var nothing = request.Right;
        nothing.Remove("signatures");
        yield return nothing;

        JsonObject With(string member, string value)
        {
            var lie = request.Right;
            lie[member] = value;
            return lie;
        }
    }

    /// <summary>Everything is confirmed; the same answers come once more, by both doors, and are counted as late.</summary>
    private static async Task RepeatAfterTheEndAsync(SuiteProcesses suite, MisbehavingSigner signer, IReadOnlyList<TakenRequest> answered)
    {
        answered.Count.ShouldBeGreaterThanOrEqualTo(PlayersEach);
        var before = await MetricAsync(suite, Unchanged(), Cancelled);
        before.ShouldBeGreaterThan(0, "repeats were seen before");
        foreach (var request in answered)
        {
            await signer.AnswerAsync(request.Right, Guid.NewGuid());
            await PostAsync(suite, request);
        }

        await Probe.Until("all of them are counted", token => MetricAsync(suite, Unchanged(), token), count => count >= before + (2 * answered.Count), Within, cancellationToken: Cancelled);
    }

    private static void ShouldHavePaidAll(SuiteProcesses suite)
    {
        foreach (var manner in Enum.GetValues<Manner>())
            suite.ShouldHavePaidEachOnce((uint)manner, PlayersOf((uint)manner));
        suite.Devnet.Ledger.Payouts().Count.ShouldBe(PlayersEach * Enum.GetValues<Manner>().Length);
    }

    private static Task AskedAgainAsync(SuiteProcesses suite, string round, int payouts) => Probe.Until(
        $"{payouts} payouts of {round} are asked for again",
        token => suite.Database.ReadAsync<long>($"select count(distinct r.payout_id) from payout_signer.sign_requests r join payout_builder.payouts p on p.payout_id = r.payout_id where p.round_id = '{round}' and r.attempt >= 2", token),
        count => count >= payouts, Within, cancellationToken: Cancelled);

    /// <summary>However often a payout was asked for, it was on one place of the ledger.</summary>
    private static async Task ShouldHaveKeptTheirSlotsAsync(SuiteProcesses suite) => (await suite.Database.ReadAsync<long>(
        "select count(*) from (select payout_id from payout_signer.sign_requests group by payout_id having count(distinct (channel, sequence_number)) > 1) x", Cancelled)).ShouldBe(0);

    private static async Task PostAsync(SuiteProcesses suite, TakenRequest request)
    {
        var body = request.Right;
        body.Remove("requestId");
        using var posted = await suite["payout-signer"].Http.PostAsJsonAsync($"sign-requests/{request.Id}/signatures", body, Cancelled);
        posted.IsSuccessStatusCode.ShouldBeTrue(await posted.Content.ReadAsStringAsync(Cancelled));
    }

    private static Task<double> OldestAsync(SuiteProcesses suite, CancellationToken cancellationToken) => MetricAsync(suite, Oldest(), cancellationToken);

    private static async Task<double> MetricAsync(SuiteProcesses suite, Regex metric, CancellationToken cancellationToken)
    {
        var shown = metric.Match(await suite["payout-signer"].Http.GetStringAsync("metrics", cancellationToken));
        return shown.Success ? double.Parse(shown.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    private static string[] PlayersOf(uint round) => [.. Enumerable.Range((int)round * PlayersEach, PlayersEach).Select(SuiteKeys.Player)];

    private async Task<SuiteProcesses> StartAsync()
    {
        var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions
        {
            Players = [.. Enumerable.Range(10, 6).SelectMany(round => PlayersOf((uint)round))],
            Signing = SigningMode.Nobody,
            Channels = PlayersEach * 5,
            Extra = new Dictionary<string, string> { ["PAYOUTS_VALIDITY_SECONDS"] = ValiditySeconds.ToString(CultureInfo.InvariantCulture) },
        }, Cancelled);
        await MisbehavingSigner.DeclareAsync(suite, Cancelled);
        return suite;
    }

    [GeneratedRegex(@"^signer_oldest_waiting_seconds (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Oldest();

    [GeneratedRegex(@"^signer_answers_total\{outcome=""Unchanged""\} (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Unchanged();
}
