using Payouts.Signers.Pkcs11;

namespace Payouts.Signers.Tests.Pkcs11;

/// <summary>On SoftHSM2, a real PKCS#11 library: keys are generated in the token and cannot leave it.</summary>
public sealed class When_a_token_keeps_the_key(SoftHsm hsm)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_sign_what_the_ledger_accepts()
    {
        var token = hsm.CreateToken();
        var account = token.GenerateKey("payouts");
        await using var key = new Pkcs11Key(token.Options("payouts")).Guard(account);

        (await key.ProveAsync(Cancelled)).ShouldBeOfType<KeyState.Proven>();
        var signature = await key.SignAsync(Hashes.Number(1), Cancelled);

        Ed25519Verifier.Verify(account, Hashes.Number(1).Bytes, signature).ShouldBeTrue();
        (await key.SignAsync(Hashes.Number(1), Cancelled)).ShouldBe(signature, "Ed25519 is deterministic: a repeat is the same signature");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_sign_many_at_once_in_a_bounded_number_of_sessions()
    {
        var token = hsm.CreateToken();
        var account = token.GenerateKey("payouts");
        var adapter = new Pkcs11Key(token.Options("payouts", sessionsMax: 3));
        await using var key = adapter.Guard(account, Hashes.Limits with { ConcurrencyMax = 64 });
        await key.ProveAsync(Cancelled);

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Cancelled }, async (number, cancelled) =>
        {
            var signature = await key.SignAsync(Hashes.Number(number), cancelled);
            Ed25519Verifier.Verify(account, Hashes.Number(number).Bytes, signature).ShouldBeTrue();
        });

        adapter.SessionsIdle.ShouldBeInRange(1, 3);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_open_another_session_when_all_were_lost()
    {
        var token = hsm.CreateToken();
        var account = token.GenerateKey("payouts");
        var adapter = new Pkcs11Key(token.Options("payouts"));
        await using var key = adapter.Guard(account);
        await key.ProveAsync(Cancelled);
        await key.SignAsync(Hashes.Number(1), Cancelled);

        token.LoseSessions();
        (await Hashes.ProblemAsync(() => adapter.SignAsync(Hashes.Number(2), Cancelled))).ShouldBe(SigningProblem.SessionLost, "the adapter by itself says what happened");
        await key.SignAsync(Hashes.Number(2), Cancelled);
        token.LoseSessions();
        await key.SignAsync(Hashes.Number(3), Cancelled);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_initialize_the_library_again_when_somebody_finalized_it()
    {
        var token = hsm.CreateToken();
        var account = token.GenerateKey("payouts");
        await using var key = new Pkcs11Key(token.Options("payouts")).Guard(account);
        await key.ProveAsync(Cancelled);

        hsm.FinalizeLibrary();
        await key.SignAsync(Hashes.Number(1), Cancelled);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_find_the_key_by_its_id_alone()
    {
        var token = hsm.CreateToken();
        token.GenerateKey("payouts", id: 1);
        var second = token.GenerateKey("payouts", id: 2);

        await using var byId = new Pkcs11Key(token.Options("payouts") with { KeyLabel = null, KeyId = [2] });
        (await byId.ReadPublicKeyAsync(Cancelled)).ShouldBe(second);
        await using var ambiguous = new Pkcs11Key(token.Options("payouts"));
        (await Should.ThrowAsync<SigningFailedException>(() => ambiguous.ReadPublicKeyAsync(Cancelled))).Message.ShouldContain("SIGNER_PKCS11_KEY_ID");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_never_sign_with_another_accounts_key()
    {
        var token = hsm.CreateToken();
        var account = token.GenerateKey("payouts");
        await using var key = new Pkcs11Key(token.Options("payouts")).Guard(Hashes.Stranger);

        (await key.ProveAsync(Cancelled)).ShouldBe(new KeyState.Foreign(account));
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.KeyNotProven);
    }
}
