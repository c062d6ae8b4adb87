using Payouts.Contracts;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_messages_repeat
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
    private readonly Installation _installation = new();

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_once_however_often_it_is_told()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var order = _installation.Order();
        var command = _installation.Command(order, _installation.Build(order, ValidUntil));
        var id = Guid.NewGuid();
        foreach (var messageId in new[] { id, id, Guid.NewGuid(), Guid.NewGuid() })
        {
            await host.SendAsync(_installation.Resolved(order), messageId);
            await host.SendAsync(command, messageId);
        }

        await host.RequestAsync(command.PayoutId);
        await host.DrainCommandsAsync(_installation);
        host.Witness.Requests.ShouldHaveSingleItem();
        (await host.StoredAsync(command.PayoutId)).ShouldHaveSingleItem();
        (await host.CountOrdersAsync()).ShouldBe(1);
        (await host.LettersAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_anew_for_a_new_attempt()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var first = await host.AskAsync(_installation);
        var second = await host.AskAsync(_installation, attempt: 2, validUntil: ValidUntil.AddSeconds(300));
        second.RequestId.ShouldNotBe(first.RequestId);
        second.TransactionHash.ShouldNotBe(first.TransactionHash);

        // The answer to the older request is verified and handed on all the same: the payout knows which one it waits for.
        await host.SendAsync(Installation.Answer(first, _installation.PayoutKey));
        (await host.SignedAsync(first.PayoutId)).Attempt.ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_put_another_transaction_for_the_same_attempt_aside()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        var order = _installation.Order();
        await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil.AddSeconds(300))));
        await host.DeadLetterAsync("AttemptConflict");
        (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem().TransactionHash.ShouldBe(request.TransactionHash);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_hand_on_one_signature_when_the_signer_answers_often_and_late()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        // maxTime lies in the past: whether the envelope can still be applied is for the ledger's clock to say, not for this one's.
        var request = await host.AskAsync(_installation, validUntil: DateTimeOffset.FromUnixTimeSeconds(1_000_000_000));
        var answer = Installation.Answer(request, _installation.PayoutKey);
        var id = Guid.NewGuid();
        foreach (var messageId in new[] { id, id, Guid.NewGuid() })
            await host.SendAsync(answer, messageId);
        await host.SignedAsync(request.PayoutId);

        await host.SendAsync(answer);
        await host.SendAsync(new SigningRejected { RequestId = request.RequestId, Reason = "changed my mind" });
        await host.DrainAnswersAsync();
        host.Witness.Signed.ShouldHaveSingleItem();
        host.Witness.Failed.ShouldBeEmpty();
        (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem().State.ShouldBe(SignRequestState.Signed);
    }

    /// <summary>The signer's program may write into its reason what it was working on.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_show_neither_seed_nor_envelope_that_stands_in_a_reason()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        var seed = _installation.StrangerKey.ExportSecretSeed();
        var signed = Stellar.Transaction.FromBase64(request.UnsignedXdr).Sign(_installation.Network, _installation.PayoutKey).ToBase64();
        await host.SendAsync(new SigningRejected { RequestId = request.RequestId, Reason = $"cannot use {seed} for {signed} of {_installation.Winner}" });
        (await host.FailedAsync(request.PayoutId)).Detail.ShouldBe($"cannot use (removed) for (removed) of {_installation.Winner}");
        host.LogLines.ShouldNotContain(line => line.Contains(seed, StringComparison.Ordinal) || line.Contains(signed, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_keep_to_a_rejection()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        await host.SendAsync(new SigningRejected { RequestId = request.RequestId, Reason = new string('x', 499) + "\U0001F512 and\nmore" });
        var failed = await host.FailedAsync(request.PayoutId);
        (failed.Stage, failed.Code, failed.Transient).ShouldBe((PayoutStage.Sign, FailureCode.SignerRejected, false));
        failed.Detail.ShouldBe(new string('x', 499), "500 characters are kept, and no half of one");
        failed.TransactionHash.ShouldBe(request.TransactionHash);

        await host.SendAsync(Installation.Answer(request, _installation.PayoutKey));
        await host.DrainAnswersAsync();
        host.Witness.Signed.ShouldBeEmpty();
        (await host.StoredAsync(request.PayoutId, SignRequestState.Rejected)).Reason.ShouldBe(failed.Detail);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_sign_each_of_many_once()
    {
        const int Payouts = 200;
        await using var host = await SignerHost.StartAsync(_installation);
        var orders = Enumerable.Range(1, Payouts).Select(i => _installation.Order(round: (uint)i)).ToList();
        await Task.WhenAll(orders.Select(async (order, i) =>
        {
            // Half of the commands overtake their orders.
            if (i % 2 == 0)
                await host.SendAsync(_installation.Resolved(order));
            await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil, _installation.Channels[i % 2].AccountId, 100 + i)));
            if (i % 2 == 1)
                await host.SendAsync(_installation.Resolved(order));
        }));
        await Probe.Until("all are asked", () => host.Witness.Requests.Count == Payouts);
        await Task.WhenAll(host.Witness.Requests.SelectMany(request => new[] { 1, 2 }.Select(_ => host.SendAsync(Installation.Answer(request, _installation.PayoutKey)))));
        await Probe.Until("all are signed", () => host.Witness.Signed.Count >= Payouts);
        await host.DrainAnswersAsync();

        host.Witness.Signed.Count.ShouldBe(Payouts);
        host.Witness.Signed.Select(x => x.PayoutId).ShouldBeUnique();
        host.Witness.Failed.ShouldBeEmpty();
    }
}
