using Microsoft.Extensions.Time.Testing;

namespace Payouts.Signers.Tests.Guard;

/// <summary>What every provider's answer goes through, whoever it is.</summary>
public sealed class When_a_provider_is_guarded
{
    private static readonly KeyPair Pair = Hashes.Named("guarded");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<SigningProblem> Problems => [.. Enum.GetValues<SigningProblem>()];

    [Fact]
    public async Task Should_sign_nothing_before_the_key_is_proven()
    {
        var provider = new ScriptedKey(Pair);
        await using var key = provider.Guard(Pair.AccountId);
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.KeyNotProven);
        provider.Calls.ShouldBe(0);
    }

    [Theory]
    [InlineData("another message", SigningProblem.SignatureInvalid)]
    [InlineData("another key", SigningProblem.SignatureInvalid)]
    [InlineData("prehashed", SigningProblem.SignatureInvalid)]
    [InlineData("one bit", SigningProblem.SignatureInvalid)]
    [InlineData("S above the order", SigningProblem.SignatureInvalid)]
    [InlineData("63 bytes", SigningProblem.LengthWrong)]
    [InlineData("65 bytes", SigningProblem.LengthWrong)]
    [InlineData("nothing", SigningProblem.LengthWrong)]
    public async Task Should_let_no_wrong_signature_out(string wrong, SigningProblem problem)
    {
        var provider = new ScriptedKey(Pair, ScriptedKey.Gives(hash => Wrong(wrong, hash)));
        await using var key = provider.Guard(Pair.AccountId);
        await key.ProveAsync(Cancelled);

        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(problem);
        provider.Calls.ShouldBe(1, "a provider that lies is not asked again at once");
        key.LastFailure!.Problem.ShouldBe(problem);

        var right = await key.SignAsync(Hashes.Number(1), Cancelled);
        Ed25519Verifier.Verify(Pair.AccountId, Hashes.Number(1).Bytes, right).ShouldBeTrue();
        key.LastFailure.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public async Task Should_try_again_only_what_may_pass(SigningProblem problem)
    {
        var provider = new ScriptedKey(Pair, ScriptedKey.Fails(problem), ScriptedKey.Fails(problem));
        await using var key = provider.Guard(Pair.AccountId);
        await key.ProveAsync(Cancelled);
        if (new SigningFailedException(problem, "").IsTransient)
        {
            await key.SignAsync(Hashes.Number(1), Cancelled);
            provider.Calls.ShouldBe(3);
        }
        else
        {
            (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(problem);
            provider.Calls.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Should_name_whatever_else_a_client_library_throws()
    {
        var provider = new ScriptedKey(Pair, [.. Enumerable.Repeat(ScriptedKey.Throws(new InvalidCastException("of a library")), 3)]);
        await using var key = provider.Guard(Pair.AccountId);
        await key.ProveAsync(Cancelled);
        var failure = await Should.ThrowAsync<SigningFailedException>(() => key.SignAsync(Hashes.Number(1), Cancelled));
        failure.Problem.ShouldBe(SigningProblem.ProviderFailed);
        failure.Message.ShouldContain("InvalidCastException: of a library");
    }

    [Fact]
    public async Task Should_give_up_after_a_bounded_number_of_tries()
    {
        var provider = new ScriptedKey(Pair, [.. Enumerable.Repeat(ScriptedKey.Fails(SigningProblem.Throttled), 10)]);
        await using var key = provider.Guard(Pair.AccountId);
        await key.ProveAsync(Cancelled);
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.Throttled);
        provider.Calls.ShouldBe(Hashes.Limits.TriesMax);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_not_wait_longer_than_the_limit_for_one_try()
    {
        var clock = new FakeTimeProvider();
        var provider = new ScriptedKey(Pair) { Hold = new TaskCompletionSource() };
        await using var key = provider.Guard(Pair.AccountId, Hashes.Limits with { TriesMax = 1, TryTimeout = TimeSpan.FromSeconds(5) }, clock);
        await key.ProveAsync(Cancelled);

        var signing = key.SignAsync(Hashes.Number(1), Cancelled);
        await Probe.Until("the provider is asked", _ => Task.FromResult(provider.Calls), calls => calls == 1, cancellationToken: Cancelled);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        signing.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(0.2));
        var failure = await Should.ThrowAsync<SigningFailedException>(() => signing);
        failure.Problem.ShouldBe(SigningProblem.TimedOut);
        failure.Message.ShouldContain("5000 ms");
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_ask_for_no_more_at_once_than_the_bound()
    {
        var provider = new ScriptedKey(Pair) { Hold = new TaskCompletionSource() };
        await using var key = provider.Guard(Pair.AccountId, Hashes.Limits with { ConcurrencyMax = 3 });
        await key.ProveAsync(Cancelled);
        var signing = Enumerable.Range(0, 20).Select(number => key.SignAsync(Hashes.Number(number), Cancelled)).ToList();
        await Probe.Until("three are asked", _ => Task.FromResult(provider.Calls), calls => calls == 3, cancellationToken: Cancelled);
        provider.Hold.SetResult();
        await Task.WhenAll(signing);
        provider.Calls.ShouldBe(20);
        provider.InsideMax.ShouldBe(3);
    }

    [Fact]
    public async Task Should_read_the_public_key_again_until_the_provider_answers_and_then_no_more()
    {
        var provider = new ScriptedKey(Pair);
        provider.PublicKeyProblems.Enqueue(SigningProblem.Unreachable);
        provider.PublicKeyProblems.Enqueue(SigningProblem.AccessDenied);
        await using var key = provider.Guard(Pair.AccountId);
        (await key.ProveAsync(Cancelled)).ShouldBeOfType<KeyState.Unknown>().Why.ShouldContain("Unreachable");
        (await key.ProveAsync(Cancelled)).ShouldBeOfType<KeyState.Unknown>().Why.ShouldContain("AccessDenied");
        (await key.ProveAsync(Cancelled)).ShouldBeOfType<KeyState.Proven>();
        provider.PublicKeyProblems.Enqueue(SigningProblem.Unreachable);
        (await key.ProveAsync(Cancelled)).ShouldBeOfType<KeyState.Proven>("it is cached");
    }

    [Fact]
    public void Should_pause_longer_after_each_failure_up_to_a_bound()
    {
        var limits = new SigningLimits { PauseMin = TimeSpan.FromSeconds(1), PauseMax = TimeSpan.FromSeconds(10) };
        Enumerable.Range(1, 6).Select(failures => limits.PauseAfter(failures).TotalSeconds).ShouldBe([1, 2, 4, 8, 10, 10]);
        limits.PauseAfter(int.MaxValue).ShouldBe(limits.PauseMax);
    }

    private static byte[] Wrong(string wrong, TransactionHash hash)
    {
        var right = Pair.Sign(hash.Bytes);
        switch (wrong)
        {
            case "another message":
                return Pair.Sign(Hashes.Number(99).Bytes);
            case "another key":
                return Hashes.Named("stranger").Sign(hash.Bytes);
            case "prehashed":
                return Pair.Sign(System.Security.Cryptography.SHA512.HashData(hash.Bytes));
            case "one bit":
                right[40] ^= 1;
                return right;
            case "S above the order":
                // The same S plus the group's order: loose verifiers take it, the ledger does not.
                var order = System.Numerics.BigInteger.Pow(2, 252) + System.Numerics.BigInteger.Parse("27742317777372353535851937790883648493");
                var scalar = new System.Numerics.BigInteger(right.AsSpan(32), isUnsigned: true) + order;
                var bytes = scalar.ToByteArray(isUnsigned: true);
                return [.. right[..32], .. bytes, .. new byte[32 - bytes.Length]];
            case "63 bytes":
                return right[..63];
            case "65 bytes":
                return [.. right, 0];
            default:
                return [];
        }
    }
}
