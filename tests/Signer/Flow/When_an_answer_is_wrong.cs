using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_an_answer_is_wrong
{
    private readonly Installation _installation = new();

    [Fact(Timeout = 60_000)]
    public async Task Should_put_each_aside_under_its_name_and_still_take_the_right_one()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var request = await host.AskAsync(_installation);
        var asked = Transaction.FromBase64(request.UnsignedXdr);
        // An unrelated, well signed transaction is the one that was once taken for a payout.
        WrongAnswer[] wrong = [.. WrongAnswer.All.DistinctBy(x => x.Problem), WrongAnswer.All.Single(x => x.Name == "an unrelated transaction, not signed")];
        foreach (var answer in wrong.Select(x => x.Make(_installation, asked)))
            await host.SendAsync(new SigningCompleted { RequestId = request.RequestId, TransactionHash = answer.TransactionHash, SignedXdr = answer.SignedXdr, Signatures = answer.Signatures });

        foreach (var problem in wrong.Select(x => x.Problem).Distinct())
            (await host.DeadLetterAsync(problem.ToString())).Queue.ShouldBe("payout-signer.signing-completed");
        (await host.StoredAsync(request.PayoutId)).ShouldHaveSingleItem().State.ShouldBe(SignRequestState.Waiting);
        host.Witness.Signed.ShouldBeEmpty();

        await host.SendAsync(Installation.Answer(request, _installation.PayoutKey));
        (await host.SignedAsync(request.PayoutId)).TransactionHash.ShouldBe(request.TransactionHash);
        (await host.LettersAsync(CancellationToken.None)).Count.ShouldBe(wrong.Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_put_an_answer_to_nothing_aside()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        await host.SendAsync(new SigningCompleted { RequestId = Guid.NewGuid(), TransactionHash = new string('0', 64), SignedXdr = "AAAA" });
        await host.SendAsync(new SigningRejected { RequestId = Guid.NewGuid(), Reason = "no" });
        var letter = await host.DeadLetterAsync(nameof(AnswerProblem.RequestUnknown));
        letter.Detail.ShouldContain("repeat the requestId of SigningRequested");
        await Probe.Until("both are dead letters", host.LettersAsync, letters => letters.Select(x => x.Queue).Distinct().Count() == 2);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_not_take_a_signature_for_what_was_never_asked()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var order = _installation.Order();
        var transaction = _installation.Build(order, DateTimeOffset.FromUnixTimeSeconds(4_000_000_000));
        await host.SendAsync(_installation.Command(order, transaction));
        var stored = await host.StoredAsync(_installation.IdOf(order), SignRequestState.AwaitingOrder);
        await host.SendAsync(new SigningCompleted
        {
            RequestId = stored.RequestId,
            TransactionHash = stored.TransactionHash,
            SignedXdr = transaction.Sign(_installation.Network, _installation.PayoutKey).ToBase64(),
        });

        await host.DeadLetterAsync(nameof(AnswerProblem.RequestNotAsked));
        (await host.StoredAsync(stored.PayoutId)).ShouldHaveSingleItem().State.ShouldBe(SignRequestState.AwaitingOrder);
    }
}
