using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Integration;

/// <summary>The service on a real PostgreSQL and a real RabbitMQ, opposite a signer in another language.</summary>
public sealed class When_a_foreign_signer_speaks_plain_amqp(Servers servers)
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
    private readonly Installation _installation = new();

    [Fact(Timeout = 180_000)]
    public async Task Should_understand_each_other_by_the_guide_alone()
    {
        var broker = await servers.CreateVirtualHostAsync("signer");
        await using var host = await StartAsync(broker);
        await using var signer = await ForeignSigner.ConnectAsync(broker);
        var order = _installation.Order();
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil)));
        var request = await signer.NextAsync();
        var answer = Installation.Answer(request, _installation.PayoutKey);

        await signer.AnswerAsync("SigningCompleted", answer, messageId: null);
        await host.DeadLetterAsync("MessageIdMissing");
        await signer.AnswerAsync("SigningCompleted", "{\"requestId\": 5}", Guid.NewGuid().ToString());
        await host.DeadLetterAsync("BodyUnreadable");
        await signer.AnswerAsync("SigningCompleted", answer with { Signatures = [] }, Guid.NewGuid().ToString());
        (await host.DeadLetterAsync(nameof(AnswerProblem.SignatureMissing))).Queue.ShouldBe("payout-signer.signing-completed");
        host.Witness.Signed.ShouldBeEmpty();

        var id = Guid.NewGuid().ToString();
        await signer.AnswerAsync("SigningCompleted", answer, id);
        await signer.AnswerAsync("SigningCompleted", answer, id);
        (await host.SignedAsync(request.PayoutId)).TransactionHash.ShouldBe(request.TransactionHash);
        await host.DrainAnswersAsync();
        host.Witness.Signed.ShouldHaveSingleItem();

        var other = _installation.Order(round: 8);
        await host.SendAsync(_installation.Command(other, _installation.Build(other, ValidUntil)));
        await host.StoredAsync(_installation.IdOf(other), SignRequestState.AwaitingOrder);
        await host.SendAsync(_installation.Resolved(other));
        await signer.AnswerAsync("SigningRejected", new SigningRejected { RequestId = (await signer.NextAsync()).RequestId, Reason = "limit" }, Guid.NewGuid().ToString());
        (await host.FailedAsync(_installation.IdOf(other))).Code.ShouldBe(FailureCode.SignerRejected);
        (await broker.ReadQueueAsync("payout-signer.signing-rejected")).ShouldNotBeNull().Type.ShouldBe("quorum");
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_keep_orders_and_conflicts_in_postgres_as_in_sqlite()
    {
        await using var host = await StartAsync(await servers.CreateVirtualHostAsync("signer"));
        var winners = Enumerable.Range(0, 10_000).Select(i => new Payouts.Stellar.AccountId(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i))).ToString());
        var largest = new Stroops(Int128.MaxValue / 10_000_000);
        var round = _installation.Resolved(_installation.Order(round: 9)) with { Payouts = [.. winners.Select(winner => new OwedPayout { Winner = winner, Amount = largest })] };
        await host.SendAsync(round);
        await Probe.Until("all orders are kept", async _ => await host.CountOrdersAsync() == 10_000);
        await host.SendAsync(round);
        await host.SendAsync(round with { Payouts = [round.Payouts[77] with { Amount = new Stroops(1) }] });
        await Probe.Until("the conflict is told", () => host.LogLines.Count(line => line.Contains("0.0000001 XLM, it was", StringComparison.Ordinal)) == 1);
        (await host.CountOrdersAsync()).ShouldBe(10_000);
    }

    private async Task<SignerHost> StartAsync(TestVirtualHost broker)
    {
        var database = await servers.CreateDatabaseAsync("signer");
        return await SignerHost.StartAsync(_installation, settings =>
        {
            settings["DATABASE_URL"] = database.Url;
            settings["RABBITMQ_URL"] = broker.Url;
        });
    }
}
