using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Tests.Support;

namespace Payouts.Tests.Attacks;

/// <summary>Who holds all that the KMS team holds: its broker user, its HTTP key, and the key that pays.</summary>
internal static class SignerList
{
    private const int BodyBytesMax = 256 * 1024;

    public static IReadOnlyList<Attack> All { get; } = [.. WrongAnswer.All.Select(AnswerAttack.Of), .. Others(), .. Authorizations(), .. Late(), .. Bytes(), .. Bodies()];

    private static IEnumerable<Attack> Others()
    {
        yield return new AnswerAttack("the right answer to another payout, under this request's id", AnswerProblem.HashMismatch, async (scene, victim) =>
        {
            var other = await Victim.AskedAsync(scene);
            await other.SignHonestlyAsync();
            return Given.Of(Installation.Answer(other.Request, other.At.PayoutKey)) with { RequestId = victim.Request.RequestId };
        });
        yield return new AnswerAttack("an answer to a request that nobody made", AnswerProblem.RequestUnknown, (_, victim) =>
            Task.FromResult(Given.Of(Installation.Answer(victim.Request, victim.At.PayoutKey)) with { RequestId = Guid.NewGuid() }));
        yield return new AnswerAttack("a signature for what was never given out to be signed", AnswerProblem.RequestNotAsked, async (scene, _) =>
        {
            var unasked = await Victim.UnannouncedAsync(scene);
            var row = (await scene.Host.StoredAsync(unasked.Payout)).Single();
            return new Given(row.RequestId, WrongAnswer.Of(unasked.At, Stellar.Transaction.FromBase64(row.UnsignedXdr), null, WrongAnswer.By(unasked.At.PayoutKey, Stellar.TransactionHash.Parse(row.TransactionHash))))
            {
                AfterAsync = () => PayAsync(unasked),
            };
        });
        yield return new RejectionAttack("a rejection of a request that nobody made", AnswerProblem.RequestUnknown, _ => Task.FromResult((Guid.NewGuid(), (Func<Task>)(() => Task.CompletedTask))));
        yield return new RejectionAttack("a rejection of what was never given out to be signed", AnswerProblem.RequestNotAsked, async scene =>
        {
            var unasked = await Victim.UnannouncedAsync(scene);
            return ((await scene.Host.StoredAsync(unasked.Payout)).Single().RequestId, () => PayAsync(unasked));
        });
    }

    /// <summary>Where a call is to be authorized.</summary>
    private static IEnumerable<Attack> Authorizations()
    {
        yield return Authorization("an envelope where a call was to be authorized", AnswerProblem.NotAnEnvelope, victim =>
            new Answer { TransactionHash = victim.Request.TransactionHash, SignedXdr = victim.At.Build(victim.At.Order(), DateTimeOffset.FromUnixTimeSeconds(4_000_000_000)).Sign(victim.At.Network, victim.At.PayoutKey).ToBase64() });
        yield return Authorization("an authorization by a stranger", AnswerProblem.ExtraSignature, victim => Signed(victim, victim.At.StrangerKey, Convert.FromHexString(victim.Request.TransactionHash)));
        yield return Authorization("an authorization for longer", AnswerProblem.SignatureInvalid, victim =>
            Signed(victim, victim.At.PayoutKey, Stellar.SorobanAuthorization.Hash(victim.At.Authorization(victim.At.Order(), expirationLedger: 9_999), victim.At.Network).Value.Span));
        yield return Authorization("an authorization of another payout", AnswerProblem.SignatureInvalid, victim =>
            Signed(victim, victim.At.PayoutKey, Stellar.SorobanAuthorization.Hash(victim.At.Authorization(victim.At.Order(round: 8)), victim.At.Network).Value.Span));
        yield return Authorization("an authorization for another network", AnswerProblem.SignatureInvalid, victim =>
            Signed(victim, victim.At.PayoutKey, Stellar.SorobanAuthorization.Hash(victim.At.Authorization(victim.At.Order()), Stellar.Network.Public).Value.Span));
    }

    private static AnswerAttack Authorization(string name, AnswerProblem problem, Func<Victim, Answer> make) => new(name, problem, async (scene, _) =>
    {
        var asked = await Victim.ToBeAuthorizedAsync(scene);
        return new Given(asked.Request.RequestId, make(asked)) { AfterAsync = asked.AuthorizeHonestlyAsync };
    });

    private static Answer Signed(Victim victim, Stellar.KeyPair key, ReadOnlySpan<byte> hash) => new()
    {
        TransactionHash = victim.Request.TransactionHash,
        Signatures = [new SignatureByKey { PublicKey = key.AccountId.ToString(), Signature = Convert.ToBase64String(key.Sign(hash)) }],
    };

    private static IEnumerable<Attack> Late()
    {
        yield return new LateAttack("the right answer once more, as a new message", async scene =>
        {
            var signed = await Victim.AskedAsync(scene);
            await signed.SignHonestlyAsync();
            var again = Installation.Answer(signed.Request, signed.At.PayoutKey);
            return (nameof(SigningCompleted), again.RequestId, again, Given.Of(again).Answer);
        });
        yield return new LateAttack("a rejection of what is signed", async scene =>
        {
            var signed = await Victim.AskedAsync(scene);
            await signed.SignHonestlyAsync();
            var no = new SigningRejected { RequestId = signed.Request.RequestId, Reason = "on second thoughts" };
            return (nameof(SigningRejected), no.RequestId, no, new Rejection { Reason = no.Reason });
        });
        yield return new LateAttack("a signature for what is rejected", async scene =>
        {
            var rejected = await Victim.AskedAsync(scene);
            await scene.SayAsync("kms", new SigningRejected { RequestId = rejected.Request.RequestId, Reason = "no" });
            await scene.Host.FailedAsync(rejected.Payout);
            var yes = Installation.Answer(rejected.Request, rejected.At.PayoutKey);
            return (nameof(SigningCompleted), yes.RequestId, yes, Given.Of(yes).Answer);
        });
    }

    private static IEnumerable<Attack> Bytes()
    {
        yield return new BytesAttack("a right answer without a message id", "MessageIdMissing", right => right, properties => properties.MessageId = null);
        yield return new BytesAttack("half of the JSON", "BodyUnreadable", right => right[..(right.Length / 2)]);
        yield return new BytesAttack("no JSON at all", "BodyUnreadable", _ => "AAAA"u8.ToArray());
        yield return new BytesAttack("bytes that are no UTF-8", "BodyUnreadable", _ => [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
        yield return new BytesAttack("an id that is a number", "BodyUnreadable", right => With(right, json => json["requestId"] = 5));
        yield return new BytesAttack("no hash", "BodyUnreadable", right => With(right, json => json.Remove("transactionHash")));
        yield return new BytesAttack("a thousand brackets", "BodyUnreadable", _ => Encoding.ASCII.GetBytes(new string('[', 1000)));
        yield return new BytesAttack("a list instead of an object", "BodyUnreadable", right => [(byte)'[', .. right, (byte)']']);
        yield return new BytesAttack("a contract that nobody takes here", "NotConsumed", right => right, properties => properties.Headers = new Dictionary<string, object?> { ["MT-MessageType"] = "urn:message:Payouts.Contracts:PayoutSigned" });
    }

    private static IEnumerable<Attack> Bodies()
    {
        yield return new BodyAttack("half of the JSON in a call", HttpStatusCode.BadRequest, "BodyUnreadable", right => right[..(right.Length / 2)]);
        yield return new BodyAttack("null in a call", HttpStatusCode.BadRequest, "BodyUnreadable", _ => "null"u8.ToArray());
        yield return new BodyAttack("a call of more than 256 KiB", HttpStatusCode.RequestEntityTooLarge, "BodyUnreadable", right => [.. right, .. Enumerable.Repeat((byte)' ', BodyBytesMax)]);
    }

    /// <summary>It was neither signed nor rejected: when its round is resolved it is asked for, and paid.</summary>
    private static async Task PayAsync(Victim unasked)
    {
        await unasked.AnnounceAsync();
        await unasked.SignHonestlyAsync();
    }

    private static byte[] With(byte[] right, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(right)!.AsObject();
        change(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
