using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_the_run_is_logged
{
    private readonly Installation _installation = new();

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_carry_no_secret_no_signature_and_no_envelope(bool hot)
    {
        await using var host = await SignerHost.StartAsync(_installation, settings =>
        {
            if (!hot)
                return;
            settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = "true";
            settings["PAYOUT_HOT_SIGNER_SECRET"] = _installation.PayoutKey.ExportSecretSeed();
        });
        List<string> secrets = [Installation.ChannelSecretHex, _installation.PayoutKey.ExportSecretSeed(), .. _installation.Channels.Select(key => key.ExportSecretSeed())];
        var tampered = Tampering.All.Where(x => x.Name != "oversized").Select((x, i) => x.Command(_installation) with { Attempt = i + 1 }).ToList();
        foreach (var command in tampered)
        {
            secrets.Add(command.UnsignedXdr);
            await host.SendAsync(command);
        }

        await Probe.Until("every wrong transaction is refused", () => host.Witness.Failed.Count == tampered.Count);
        var order = _installation.Order(round: 70);
        var transaction = _installation.Build(order, DateTimeOffset.FromUnixTimeSeconds(4_000_000_000));
        secrets.AddRange(transaction.ToBase64(), transaction.Sign(_installation.Network, _installation.PayoutKey).ToBase64());
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(_installation.Command(order, transaction));
        if (!hot)
            await AnswerAsync(host, await host.RequestAsync(_installation.IdOf(order)), transaction, secrets);
        var signed = await host.SignedAsync(_installation.IdOf(order));
        secrets.Add(signed.SignedXdr);
        secrets.AddRange(Transaction.FromBase64(signed.SignedXdr).Signatures.Select(x => Convert.ToBase64String(x.Signature.Value.Span)));

        host.LogLines.Count.ShouldBeGreaterThan(tampered.Count);
        Leaks(host.LogLines, secrets).ShouldBeEmpty();
        Leaks(["so it was sent: " + signed.SignedXdr], secrets).ShouldNotBeEmpty("the scan finds what it looks for");
        Leaks([$"seed {_installation.PayoutKey.ExportSecretSeed()}"], secrets).ShouldNotBeEmpty("the scan finds what it looks for");
    }

    // A line that was cut would still betray the head of a text.
    private static List<string> Leaks(IReadOnlyCollection<string> lines, List<string> secrets)
    {
        var telling = secrets.Where(text => text.Length >= 32).Select(text => text[..Math.Min(text.Length, 200)]).Distinct().ToList();
        return [.. lines.Where(line => telling.Exists(text => line.Contains(text, StringComparison.Ordinal)))];
    }

    private async Task AnswerAsync(SignerHost host, SigningRequested request, Transaction asked, List<string> secrets)
    {
        foreach (var wrong in WrongAnswer.All.Where(x => x.Problem is not AnswerProblem.AnswerTooLarge))
        {
            var answer = wrong.Make(_installation, asked);
            secrets.AddRange([answer.SignedXdr ?? "", .. (answer.Signatures ?? []).OfType<SignatureByKey>().Select(x => x.Signature)]);
            await host.SendAsync(new SigningCompleted { RequestId = request.RequestId, TransactionHash = answer.TransactionHash, SignedXdr = answer.SignedXdr, Signatures = answer.Signatures });
        }

        await Probe.Until("every wrong answer is refused", host.LettersAsync, letters => letters.Count >= WrongAnswer.All.Count - 1);
        await host.SendAsync(Installation.Answer(request, _installation.PayoutKey));
    }
}
