using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Payouts.Signers.Tests.Doubles;

/// <summary>What holds for Vault, AWS and Google alike, each against a local double and not against the cloud.</summary>
public sealed class When_a_provider_is_asked_over_http
{
    private static readonly byte[] Strangers = Hashes.Named("stranger").Sign(Hashes.Number(1).Bytes);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => Providers.Names;

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Should_sign_what_the_ledger_accepts(string name)
    {
        await using var provider = await Providers.StartAsync(name, Cancelled);
        await using var key = await provider.ProvenAsync(Cancelled);
        var signature = await key.SignAsync(Hashes.Number(1), Cancelled);
        Ed25519Verifier.Verify(provider.Key.AccountId, Hashes.Number(1).Bytes, signature).ShouldBeTrue();
        provider.Requests.Count.ShouldBe(2, "one for the public key, one for the signature");
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Should_try_again_after_what_passes(string name)
    {
        await using var provider = await Providers.StartAsync(name, Cancelled);
        await using var key = await provider.ProvenAsync(Cancelled);
        provider.Next(_ => provider.Failure(DoubleFailure.Internal), _ => provider.Failure(DoubleFailure.Throttled));
        await key.SignAsync(Hashes.Number(1), Cancelled);
        provider.Requests.Count.ShouldBe(4);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Should_not_wait_for_an_answer_that_never_comes(string name)
    {
        var clock = new FakeTimeProvider();
        await using var provider = await Providers.StartAsync(name, Cancelled);
        await using var key = await provider.ProvenAsync(Cancelled, Hashes.Limits with { TriesMax = 1 }, clock);
        provider.Next(_ => null);
        var signing = key.SignAsync(Hashes.Number(1), Cancelled);
        await Probe.Until("the provider is asked", _ => Task.FromResult(provider.Requests.Count), count => count == 2, cancellationToken: Cancelled);
        clock.Advance(Hashes.Limits.TryTimeout + TimeSpan.FromSeconds(1));
        (await Hashes.ProblemAsync(() => signing)).ShouldBe(SigningProblem.TimedOut);
        await key.SignAsync(Hashes.Number(1), Cancelled);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Should_name_what_a_human_must_mend_after_one_try(string name)
    {
        await using var provider = await Providers.StartAsync(name, Cancelled);
        await using var key = await provider.ProvenAsync(Cancelled);
        (DoubleFailure Failure, SigningProblem Problem)[] failures =
        [
            (DoubleFailure.Denied, SigningProblem.AccessDenied),
            (DoubleFailure.Unauthenticated, SigningProblem.CredentialsRefused),
            (DoubleFailure.NotFound, SigningProblem.KeyNotFound),
            (DoubleFailure.Malformed, SigningProblem.RequestRefused),
        ];
        foreach (var (failure, problem) in failures)
        {
            var before = provider.Requests.Count;
            provider.Next(_ => provider.Failure(failure));
            (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(problem);
            provider.Requests.Count.ShouldBe(before + 1, failure.ToString());
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Should_let_no_wrong_answer_out(string name)
    {
        await using var provider = await Providers.StartAsync(name, Cancelled);
        await using var key = await provider.ProvenAsync(Cancelled);
        (Func<DoubleAnswer, DoubleAnswer> Change, SigningProblem Problem)[] wrong =
        [
            (right => provider.WithSignature(right, Strangers), SigningProblem.SignatureInvalid),
            (right => provider.WithSignature(right, provider.Key.Sign(Hashes.Number(2).Bytes)), SigningProblem.SignatureInvalid),
            (right => provider.WithSignature(right, provider.Key.Sign(Hashes.Number(1).Bytes)[..63]), SigningProblem.LengthWrong),
            (right => right with { Body = new JsonObject { ["hello"] = "world" } }, name == "aws-kms" ? SigningProblem.KeyDiffers : name == "vault" ? SigningProblem.AnswerUnreadable : SigningProblem.KeyVersionDiffers),
        ];
        foreach (var (change, problem) in wrong)
        {
            provider.Next(change);
            (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(problem);
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Should_say_that_nobody_is_there(string name)
    {
        var provider = await Providers.StartAsync(name, Cancelled);
        await using var key = await provider.ProvenAsync(Cancelled);
        await provider.DisposeAsync();
        var failure = await Should.ThrowAsync<SigningFailedException>(() => key.SignAsync(Hashes.Number(1), Cancelled));
        failure.Problem.ShouldBe(SigningProblem.Unreachable);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Should_sign_nothing_with_another_accounts_key(string name)
    {
        await using var provider = await Providers.StartAsync(name, Cancelled);
        await using var key = provider.CreateKey().Guard(Hashes.Stranger);
        (await key.ProveAsync(Cancelled)).ShouldBe(new KeyState.Foreign(provider.Key.AccountId));
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.KeyNotProven);
        provider.Requests.ShouldHaveSingleItem();
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Should_put_no_secret_into_a_message(string name)
    {
        await using var provider = await Providers.StartAsync(name, Cancelled);
        await using var key = await provider.ProvenAsync(Cancelled);
        string[] secrets = ["hvs.", AwsKmsDouble.SecretKey, GoogleKmsDouble.AccessToken, Convert.ToBase64String(Strangers)];
        provider.Next(
            _ => provider.Failure(DoubleFailure.Denied), right => provider.WithSignature(right, Strangers), right => right with { Body = [] }, _ => provider.Failure(DoubleFailure.Malformed));
        for (var tries = 0; tries < 4; tries++)
        {
            var failure = await Should.ThrowAsync<SigningFailedException>(() => key.SignAsync(Hashes.Number(1), Cancelled));
            foreach (var secret in secrets)
                failure.ToString().ShouldNotContain(secret);
        }
    }
}
