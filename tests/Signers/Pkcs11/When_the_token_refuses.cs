using Payouts.Signers.Pkcs11;

namespace Payouts.Signers.Tests.Pkcs11;

public sealed class When_the_token_refuses(SoftHsm hsm)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Tokens lock themselves after a few wrong PINs, so one wrong file must be one wrong try, however often a signature is asked for.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_show_a_wrong_PIN_to_the_token_once()
    {
        var token = hsm.CreateToken();
        var account = token.GenerateKey("payouts");
        var right = await File.ReadAllTextAsync(token.PinFile, Cancelled);
        await File.WriteAllTextAsync(token.PinFile, "wrong-1111", Cancelled);
        await using var key = new Pkcs11Key(token.Options("payouts"));

        var first = await Should.ThrowAsync<SigningFailedException>(() => key.ReadPublicKeyAsync(Cancelled));
        var second = await Should.ThrowAsync<SigningFailedException>(() => key.ReadPublicKeyAsync(Cancelled));
        (first.Problem, second.Problem).ShouldBe((SigningProblem.PinRefused, SigningProblem.PinRefused));
        first.Message.ShouldContain("CKR_PIN_INCORRECT");
        second.Message.ShouldContain("not tried again");
        first.IsTransient.ShouldBeFalse();
        (first.ToString() + second).ShouldNotContain("wrong-1111");

        await File.WriteAllTextAsync(token.PinFile, right, Cancelled);
        (await key.ReadPublicKeyAsync(Cancelled)).ShouldBe(account, "the file is read again: no restart is needed");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_name_a_token_that_is_not_there()
    {
        var token = hsm.CreateToken();
        await using var key = new Pkcs11Key(token.Options("payouts") with { TokenLabel = "no such token" });
        var failure = await Should.ThrowAsync<SigningFailedException>(() => key.ReadPublicKeyAsync(Cancelled));
        failure.Problem.ShouldBe(SigningProblem.Unreachable);
        failure.Message.ShouldContain(token.Label, customMessage: "the labels that are there are told");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_name_a_key_that_is_not_there()
    {
        await using var key = new Pkcs11Key(hsm.CreateToken().Options("no such key"));
        var failure = await Should.ThrowAsync<SigningFailedException>(() => key.SignAsync(Hashes.Number(1), Cancelled));
        failure.Problem.ShouldBe(SigningProblem.KeyNotFound);
        failure.Message.ShouldContain("no such key");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_refuse_a_key_of_another_kind()
    {
        var token = hsm.CreateToken();
        token.GenerateP256Key("payouts");
        await using var key = new Pkcs11Key(token.Options("payouts"));
        (await Hashes.ProblemAsync(() => key.ReadPublicKeyAsync(Cancelled))).ShouldBe(SigningProblem.KeyTypeWrong);
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.KeyTypeWrong);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_which_library_cannot_be_loaded()
    {
        var file = Path.GetTempFileName();
        await using var key = new Pkcs11Key(hsm.CreateToken().Options("payouts") with { ModulePath = file });
        var failure = await Should.ThrowAsync<SigningFailedException>(() => key.ReadPublicKeyAsync(Cancelled));
        File.Delete(file);
        failure.Problem.ShouldBe(SigningProblem.Unreachable);
        failure.Message.ShouldContain(file);
    }

    [Theory]
    [InlineData("missing", "cannot be read")]
    [InlineData("", "is empty")]
    public async Task Should_say_what_is_wrong_with_the_PIN_file(string content, string said)
    {
        var token = hsm.CreateToken();
        if (content == "missing")
            File.Delete(token.PinFile);
        else
            await File.WriteAllTextAsync(token.PinFile, content, Cancelled);
        await using var key = new Pkcs11Key(token.Options("payouts"));
        var failure = await Should.ThrowAsync<SigningFailedException>(() => key.ReadPublicKeyAsync(Cancelled));
        failure.Problem.ShouldBe(SigningProblem.CredentialsRefused);
        failure.Message.ShouldContain(said);
    }
}
