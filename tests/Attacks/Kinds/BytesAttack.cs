using System.Net;
using RabbitMQ.Client;

namespace Payouts.Tests.Attacks;

/// <summary>Bytes on the signer's exchange that are no answer.</summary>
/// <param name="Name">What he publishes.</param>
/// <param name="Reason">Why it is put aside.</param>
/// <param name="Body">From the bytes of a right answer.</param>
/// <param name="Change">What is wrong with its properties.</param>
internal sealed record BytesAttack(string Name, string Reason, Func<byte[], byte[]> Body, Action<BasicProperties>? Change = null) : Attack(Holder.Signer, Name, Reason)
{
    public override IReadOnlyList<Way> Ways => [Way.RabbitMq];

    public override string Seen => $"dead letter {Reason}; `dead_letters_total`; an error";

    public override Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var body = Body(BrokerUser.Json(Signer.Tests.Support.Installation.Answer(victim.Request, victim.At.PayoutKey)));
        return Task.FromResult(new Blow(() => scene.LetterAsync("kms", "SigningCompleted", body, Reason, "payout-signer.signing-completed", Change, withId: Reason != "MessageIdMissing"))
        {
            Counted = new Dictionary<string, double> { [Counters.Letters] = 1 },
            Logged = $"is put aside as a dead letter: {Reason}",
        });
    }
}

/// <summary>A body at the signer's endpoint that is no answer.</summary>
internal sealed record BodyAttack(string Name, HttpStatusCode Status, string Code, Func<byte[], byte[]> Body) : Attack(Holder.Signer, Name, Code)
{
    public override IReadOnlyList<Way> Ways => [Way.Http];

    public override string Seen => $"{(int)Status} with that code; `http_requests_total{{code=\"4xx\"}}`";

    public override Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var body = Body(BrokerUser.Json(Given.Of(Signer.Tests.Support.Installation.Answer(victim.Request, victim.At.PayoutKey)).Answer));
        return Task.FromResult(new Blow(() => scene.PostAsync($"sign-requests/{victim.Request.RequestId}/signatures", body, Status, Code))
        {
            Counted = new Dictionary<string, double> { [Counters.RefusedCalls] = 1 },
        });
    }
}
