using System.Text;
using System.Text.Json;
using Payouts.Contracts;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Hosting.Tests.DeadLetters;

/// <summary>Whatever any AMQP client puts on a service's queue: it is handled or kept, never lost, and never in the others' way.</summary>
public sealed class When_a_message_cannot_be_handled(Servers servers)
{
    private const string Queue = "sample.cancel-payout";
    private const string SagaQueue = "sample.tally";
    private const string Urn = "urn:message:Payouts.Contracts:CancelPayout";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Should_be_kept_with_its_reason_while_the_others_are_handled()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var virtualHost = await servers.CreateVirtualHostAsync("hosting", Cancelled);
        await using var host = await SampleHost.StartAsync(store.Url, virtualHost.Url);
        await using var connection = await virtualHost.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        Guid broken = Guid.NewGuid(), wrong = Guid.NewGuid(), unknown = Guid.NewGuid(), thrown = Guid.NewGuid(), refused = Guid.NewGuid(), empty = Guid.NewGuid();

        await SampleHost.PutAsync(channel, Queue, Json("before"), Urn, Guid.NewGuid());
        await SampleHost.PutAsync(channel, Queue, """{"payoutId": "3d""", Urn, broken);
        await SampleHost.PutAsync(channel, Queue, """{"payoutId": 7, "by": "x", "reason": "y"}""", Urn, wrong);
        await SampleHost.PutAsync(channel, Queue, "", Urn, empty);
        await SampleHost.PutAsync(channel, Queue, Json("stray"), "urn:message:Payouts.Contracts:PayoutCelebrated", unknown);
        await SampleHost.PutAsync(channel, Queue, Json("throw"), Urn, thrown);
        await SampleHost.PutAsync(channel, Queue, Json("refuse"), Urn, refused);
        await SampleHost.PutAsync(channel, Queue, Json("nameless"), Urn);
        await SampleHost.PutAsync(channel, SagaQueue, $$"""{"tallyId":"{{Guid.NewGuid()}}"}""", "urn:message:Payouts.Hosting.Tests.Support:Counted");
        await SampleHost.PutAsync(channel, Queue, Json("after"), Urn, Guid.NewGuid());

        await Probe.Until("what is good is handled, long before the one that throws has used up its tries", async _ => (await host.FactsAsync()).Count == 2);
        (await host.FactsAsync()).ShouldBe(["after", "before"]);
        await Probe.Until("eight letters are kept", async _ => (await host.LettersAsync()).ConvertAll(x => $"{x.Reason} {x.Queue} {x.MessageId} {x.Body.Length} {x.Detail}"), found => found.Count == 8, TimeSpan.FromSeconds(60));
        var letters = await host.LettersAsync();
        Reason(letters, broken).ShouldBe("BodyUnreadable");
        Reason(letters, wrong).ShouldBe("BodyUnreadable");
        Reason(letters, empty).ShouldBe("BodyUnreadable");
        Reason(letters, unknown).ShouldBe("NotConsumed");
        Reason(letters, thrown).ShouldBe(nameof(InvalidOperationException));
        Reason(letters, refused).ShouldBe("NotWanted");
        letters.Where(x => x.MessageId is null).ShouldAllBe(x => x.Reason == "MessageIdMissing", "a saga's queue and a consumer's alike");
        var nameless = letters.Single(x => x.MessageId is null && x.Queue == Queue);
        (nameless.Reason, Encoding.UTF8.GetString(nameless.Body)).ShouldBe(("MessageIdMissing", Json("nameless")));
        letters.ShouldAllBe(x => x.Detail.Length > 0);
        letters.Count(x => x.Queue == Queue).ShouldBe(7);
        letters.Single(x => x.MessageId == thrown).Detail.ShouldBe("the handler's own fault");
        host.Behaviour.Groups.Count(group => group is ["throw"]).ShouldBe(9, "the first try and eight more, each alone in the end");
        (await virtualHost.ListQueuesAsync(Cancelled)).ShouldNotContain(name => name.EndsWith("_error") || name.EndsWith("_skipped"), "nothing lies where nobody looks");
        await Probe.Until("the queue is empty", async token => await virtualHost.CountAllAsync(Queue, token) == 0);
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_be_handled_once_when_it_is_replayed_under_its_own_id()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var virtualHost = await servers.CreateVirtualHostAsync("hosting", Cancelled);
        await using var host = await SampleHost.StartAsync(store.Url, virtualHost.Url);
        await using var mailbox = await Mailbox.OpenAsync(virtualHost, "CancelPayout");
        await using var connection = await virtualHost.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var id = Guid.NewGuid();
        await SampleHost.PutAsync(channel, Queue, Json("refuse"), Urn, id);
        await SampleHost.PutAsync(channel, Queue, Json("lost"), "urn:message:Payouts.Contracts:PayoutCelebrated", Guid.NewGuid());
        await SampleHost.PutAsync(channel, Queue, Json("throw"), messageType: null, messageId: null);
        var desk = host.Get<DeadLetterDesk<SampleDb>>();
        var letters = await Probe.Until("three letters are kept", _ => host.LettersAsync(), found => found.Count == 3, TimeSpan.FromSeconds(90));
        var refused = letters.Single(x => x.MessageId == id);

        (await desk.ReplayAsync(refused.Id, "ana", Cancelled)).ShouldBeNull();
        await Probe.Until("it is refused again: nothing has changed", async _ => (await host.LettersAsync()).Count(x => x.MessageId == id) == 2);
        mailbox.Delivered.ShouldBeEmpty("it goes to the queue it died in: others were not asked");
        (await host.LettersAsync()).Single(x => x.Id == refused.Id).ReplayedBy.ShouldBe("ana");
        (await desk.ReplayAsync(refused.Id, "ana", Cancelled)).ShouldNotBeNull().ShouldContain("was replayed at");
        (await desk.ReplayAsync(Guid.NewGuid(), "ana", Cancelled)).ShouldNotBeNull().ShouldContain("there is no dead letter");
        (await desk.ReplayAsync(letters.Single(x => x.Reason == "NotConsumed").Id, "ana", Cancelled)).ShouldNotBeNull().ShouldContain("MT-MessageType");

        host.Behaviour.Mended = true;
        var nameless = letters.Single(x => x.Reason == "MessageIdMissing");
        (await desk.ReplayAsync(nameless.Id, "ana", Cancelled)).ShouldBeNull();
        await Probe.Until("the mended one is handled", async _ => (await host.FactsAsync()).Contains("throw"));
        await SampleHost.PutAsync(channel, Queue, Json("throw"), Urn, nameless.Id);
        await SampleHost.PutAsync(channel, Queue, Json("after"), Urn, Guid.NewGuid());
        await Probe.Until("what came after is handled", async _ => (await host.FactsAsync()).Contains("after"));
        (await host.FactsAsync()).Count(x => x == "throw").ShouldBe(1, "its letter's id became its message id");
    }

    /// <summary>As when a process died between the letter and the acknowledgement; what differs by a byte is another letter.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_be_one_letter_however_often_it_is_told()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var virtualHost = await servers.CreateVirtualHostAsync("hosting", Cancelled);
        await using var host = await SampleHost.StartAsync(store.Url, virtualHost.Url);
        await using var connection = await virtualHost.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var id = Guid.NewGuid();
        await SampleHost.PutAsync(channel, Queue, "{", Urn, id);
        await Probe.Until("its letter is kept", async _ => (await host.LettersAsync()).Count == 1);
        await SampleHost.PutAsync(channel, Queue, "{", Urn, id);
        await SampleHost.PutAsync(channel, Queue, "[", Urn, id);
        await SampleHost.PutAsync(channel, Queue, "{", Urn, Guid.NewGuid());
        await SampleHost.PutAsync(channel, Queue, Json("after"), Urn, Guid.NewGuid());
        await Probe.Until("what came after is handled", async _ => (await host.FactsAsync()).Contains("after"));
        await Probe.Until("the queue is empty", async token => await virtualHost.CountAllAsync(Queue, token) == 0);

        (await host.LettersAsync()).ConvertAll(x => (x.MessageId == id, Encoding.UTF8.GetString(x.Body))).Order().ShouldBe([(false, "{"), (true, "["), (true, "{")]);
    }

    private static string Json(string reason) => JsonSerializer.Serialize(SampleHost.Command(reason) with { PayoutId = new PayoutId(Guid.Empty) }, ContractsJson.Options);

    private static string Reason(IEnumerable<DeadLetter> letters, Guid id) => letters.Single(x => x.MessageId == id).Reason;
}
