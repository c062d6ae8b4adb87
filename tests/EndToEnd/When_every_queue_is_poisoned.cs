using System.Collections.ObjectModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Tests.EndToEnd;

/// <summary>Every queue that the four services declare, as they are deployed: what is broken is kept and replayed as it came, and never in the way of what is not.</summary>
public sealed class When_every_queue_is_poisoned(Servers servers)
{
    private const string SagaQueue = "payout-builder.payout";

    /// <summary>The contracts of the saga's queue; every other queue is named after its one contract.</summary>
    private static readonly string[] OfTheSaga =
    [
        "PayoutBuilt", "PayoutSigned", "PayoutSubmitted", "PayoutConfirmed", "PayoutFailed", "PayoutExpired", "PayoutUnresolved",
        "SlotBurned", "SlotProvenUnused", "PayoutVerified", "RetryPayout", "CancelPayout",
    ];

    /// <summary>Samples that their handler refuses, for they speak of what was never asked or of another network; the others are handled.</summary>
    private static readonly ReadOnlyDictionary<string, string> Refused = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["payout-signer.bump-fee"] = "HashDiffers",
        ["payout-signer.burn-slot"] = "ForeignChannel",
        ["payout-signer.signing-completed"] = "RequestUnknown",
        ["payout-signer.signing-rejected"] = "RequestUnknown",
        ["payout-submitter.fee-bumped"] = "SubmissionUnknown",
        ["rounds.direct-payout-requested"] = "DirectPayoutsOff",
        ["rounds.payout-settled"] = "PayoutUnknown",
    }.AsReadOnly();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 600_000)]
    public async Task Should_keep_the_poison_replay_it_under_its_id_and_let_the_neighbours_pass()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Signing = SigningMode.Nobody, Channels = 2 }, Cancelled);
        var queues = (await suite.Broker.ListQueuesAsync(Cancelled)).Where(name => suite.Services.Keys.Any(service => name.StartsWith(service + ".", StringComparison.Ordinal))).ToList();
        queues.Count.ShouldBe(24, $"a new queue is poisoned too: {string.Join(' ', queues)}");
        foreach (var queue in queues)
        {
            var declared = (await suite.Broker.ReadQueueAsync(queue, Cancelled))!;
            (declared.Type, declared.Durable, declared.Arguments["x-delivery-limit"]).ShouldBe(("quorum", true, "100000"), queue);
        }

        await using var connection = await suite.Broker.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancelled);
        var poison = new List<Sent>();
        var neighbours = new List<Sent>();
        foreach (var (queue, contract) in queues.SelectMany(queue => queue == SagaQueue ? OfTheSaga.Select(contract => (queue, contract)) : [(queue, ContractOf(queue))]))
        {
            var sample = await SampleAsync(contract);
            poison.Add(await PutAsync(channel, queue, contract, sample.ToJsonString()[..^9]));
            poison.Add(await PutAsync(channel, queue, contract, With(sample, new JsonArray(1))));
            poison.Add(await PutAsync(channel, queue, contract, With(sample, null)));
            poison.Add(await PutAsync(channel, queue, contract, With(sample, new string('x', 1024 * 1024))));
            poison.Add(await PutAsync(channel, queue, "PayoutCelebrated", sample.ToJsonString()));
            if (queue != SagaQueue)
                neighbours.Add(await PutAsync(channel, queue, contract, sample.ToJsonString()));
        }

        // The saga's events need a payout that they speak of: the one that the sample of RoundResolved has planned meanwhile.
        var payout = await Probe.Until("a payout is planned", token => suite.Database.ReadAsync<Guid>("select payout_id from payout_builder.payouts limit 1", token), found => found != Guid.Empty, cancellationToken: Cancelled);
        foreach (var contract in OfTheSaga)
            neighbours.Add(await PutAsync(channel, SagaQueue, contract, With(await SampleAsync(contract), payout.ToString())));
        await Probe.Until("every neighbour has passed", async _ => await LateAsync(suite, neighbours, (sent, end) => end == Refused.GetValueOrDefault(sent.Queue, "handled")),
            late => late.Count == 0, TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(500), Cancelled);
        await Probe.Until("all poison is kept", async _ => await LateAsync(suite, poison, (_, end) => end is not ("handled" or "nowhere")),
            late => late.Count == 0, TimeSpan.FromSeconds(90), TimeSpan.FromMilliseconds(500), Cancelled);
        foreach (var sent in poison)
            (await LettersAsync(suite, sent)).ShouldHaveSingleItem().ShouldBe(new Letter(sent.Queue, sent.BodyHash), $"{sent.Queue} {sent.Contract}");

        await ReplayAsync(suite, poison);
        foreach (var queue in queues)
            await Probe.Until($"{queue} is empty", async token => await suite.Broker.CountAllAsync(queue, token) == 0, TimeSpan.FromSeconds(60), Cancelled);
    }

    /// <summary>Nothing has changed, so each dies again: under the same id, with the same bytes.</summary>
    private static async Task ReplayAsync(SuiteProcesses suite, List<Sent> poison)
    {
        var missing = poison.Where((_, index) => index % 5 == 2).ToList();
        foreach (var sent in missing)
        {
            var letter = await suite.Database.ReadAsync<Guid>($"select id from {Schema(sent)}.dead_letters where message_id = '{sent.Id}'", Cancelled);
            using var answer = await suite[Service(sent.Queue)].Http.PostAsync($"/{Service(sent.Queue)}/dead-letters/{letter}/replay", null, Cancelled);
            ((int)answer.StatusCode).ShouldBe(202, await answer.Content.ReadAsStringAsync(Cancelled));
        }

        foreach (var sent in missing)
        {
            var letters = await Probe.Until($"{sent.Queue} {sent.Contract} has died again", async _ => await LettersAsync(suite, sent), found => found.Count == 2, TimeSpan.FromSeconds(60), cancellationToken: Cancelled);
            letters.ShouldAllBe(letter => letter == new Letter(sent.Queue, sent.BodyHash));
        }
    }

    /// <summary>Those whose end is not the right one, each with its end.</summary>
    private static async Task<List<string>> LateAsync(SuiteProcesses suite, List<Sent> messages, Func<Sent, string, bool> isRight) =>
        [.. (await EndsAsync(suite, messages)).Where(x => !isRight(x.Key, x.Value)).Select(x => $"{x.Key.Queue} {x.Key.Contract}: {x.Value}")];

    private static async Task<Dictionary<Sent, string>> EndsAsync(SuiteProcesses suite, List<Sent> messages)
    {
        var ends = messages.ToDictionary(sent => sent, _ => "nowhere");
        var byId = messages.ToDictionary(sent => (Schema(sent), sent.Id));
        foreach (var schema in messages.Select(Schema).Distinct())
        {
            await using var connection = await suite.Database.OpenAsync(Cancelled);
            await using var command = new NpgsqlCommand($"select message_id, 'handled' from {schema}.inbox union all select message_id, reason from {schema}.dead_letters where message_id is not null", connection);
            await using var rows = await command.ExecuteReaderAsync(Cancelled);
            while (await rows.ReadAsync(Cancelled))
            {
                if (byId.TryGetValue((schema, rows.GetGuid(0)), out var sent))
                    ends[sent] = rows.GetString(1);
            }
        }

        return ends;
    }

    private static async Task<List<Letter>> LettersAsync(SuiteProcesses suite, Sent sent)
    {
        var letters = new List<Letter>();
        await using var connection = await suite.Database.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand($"select queue, encode(sha256(body), 'hex') from {Schema(sent)}.dead_letters where message_id = '{sent.Id}' and queue = '{sent.Queue}'", connection);
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        while (await rows.ReadAsync(Cancelled))
            letters.Add(new Letter(rows.GetString(0), rows.GetString(1)));
        return letters;
    }

    private static async Task<JsonObject> SampleAsync(string contract)
    {
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(RepositoryRoot.PathOf("tests", "Contracts", "samples", contract + ".json"), Cancelled))!.AsObject();
        // It shows both ways to name a prize, and what belongs to other policies; one draw takes one.
        if (contract == "GameRoundDrawn")
        {
            sample["winners"]!.AsArray().RemoveAt(1);
            foreach (var other in (string[])["policy", "seed", "yieldRate"])
                sample.Remove(other);
        }

        // The payout of SignPayout's sample; each step of a payout has a number of its own.
        if (contract == "AuthorizePayout")
            sample["attempt"] = 2;
        return sample;
    }

    /// <summary>The sample with another value of its first member; null takes the member away.</summary>
    private static string With(JsonObject sample, JsonNode? value)
    {
        var changed = sample.DeepClone().AsObject();
        var first = changed.First().Key;
        if (value is null)
            changed.Remove(first);
        else
            changed[first] = value;
        return changed.ToJsonString();
    }

    private static async Task<Sent> PutAsync(IChannel channel, string queue, string contract, string body)
    {
        var (id, bytes) = (Guid.NewGuid(), Encoding.UTF8.GetBytes(body));
        var properties = new BasicProperties
        {
            ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, MessageId = id.ToString(),
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = $"urn:message:Payouts.Contracts:{contract}" },
        };
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, bytes, Cancelled);
        return new Sent(queue, contract, id, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static string ContractOf(string queue) => string.Concat(queue.Split('.')[1].Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string Service(string queue) => queue.Split('.')[0];

    private static string Schema(Sent sent) => Service(sent.Queue).Replace('-', '_');

    private sealed record Sent(string Queue, string Contract, Guid Id, string BodyHash);

    private sealed record Letter(string Queue, string BodyHash);
}
