namespace Payouts.Signers.Tests.Doubles;

/// <summary>Against a local double, not against a Vault.</summary>
public sealed class When_vault_keeps_the_key
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_exactly_as_the_transit_engine_is_documented()
    {
        await using var vault = await StartAsync();
        await using var key = await vault.ProvenAsync(Cancelled);
        await key.SignAsync(Hashes.Number(1), Cancelled);

        var (read, sign) = (vault.Requests[0], vault.Requests[1]);
        (read.Method, read.Path, read.Text).ShouldBe(("GET", "/v1/transit/keys/payouts", ""));
        (sign.Method, sign.Path).ShouldBe(("POST", "/v1/transit/sign/payouts"));
        sign.Members.ShouldBe(["input", "key_version"], "no prehashed: Vault would sign a hash of the hash");
        sign.Body["input"]!.GetValue<string>().ShouldBe(Convert.ToBase64String(Hashes.Number(1).Bytes));
        sign.Body["key_version"]!.GetValue<int>().ShouldBe(VaultDouble.Version);
        foreach (var request in vault.Requests)
        {
            request.Headers["X-Vault-Token"].ShouldBe(vault.Token);
            request.Headers["X-Vault-Request"].ShouldBe("true");
            request.Headers["X-Vault-Namespace"].ShouldBe("games");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_refuse_the_signature_of_another_version()
    {
        await using var vault = await StartAsync();
        await using var key = await vault.ProvenAsync(Cancelled);
        var right = vault.Key.Sign(Hashes.Number(1).Bytes);
        vault.Next(_ => VaultDouble.Signed(3, right));
        var failure = await Should.ThrowAsync<SigningFailedException>(() => key.SignAsync(Hashes.Number(1), Cancelled));
        failure.Problem.ShouldBe(SigningProblem.KeyVersionDiffers);
        failure.Message.ShouldContain("version 3");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_take_a_new_token_without_a_restart()
    {
        await using var vault = await StartAsync();
        await using var key = await vault.ProvenAsync(Cancelled);
        vault.Token = "hvs.second-token";
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.AccessDenied);

        // Even with the old date, as a copy keeps it: a token that was refused is read again.
        var date = File.GetLastWriteTimeUtc(vault.TokenFile);
        vault.WriteToken(vault.Token);
        File.SetLastWriteTimeUtc(vault.TokenFile, date);
        await key.SignAsync(Hashes.Number(1), Cancelled);

        // And one that an agent writes ahead of time is taken before the old one ends.
        vault.Token = "hvs.third-token";
        vault.WriteToken(vault.Token);
        File.SetLastWriteTimeUtc(vault.TokenFile, date.AddSeconds(5));
        await key.SignAsync(Hashes.Number(1), Cancelled);
        vault.Requests[^1].Headers["X-Vault-Token"].ShouldBe("hvs.third-token");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_refuse_a_key_of_another_type()
    {
        await using var vault = await StartAsync();
        vault.KeyType = "ecdsa-p256";
        await using var key = vault.CreateKey();
        (await Hashes.ProblemAsync(() => key.ReadPublicKeyAsync(Cancelled))).ShouldBe(SigningProblem.KeyTypeWrong);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("hmac:v2:AAAA")]
    [InlineData("vault:2:AAAA")]
    [InlineData("vault:v2")]
    [InlineData("vault:v2:AAAA:AAAA")]
    [InlineData("vault:v2:!!!!")]
    [InlineData("")]
    public async Task Should_refuse_an_answer_of_another_form(string signature)
    {
        await using var vault = await StartAsync();
        await using var key = await vault.ProvenAsync(Cancelled);
        vault.Next(right =>
        {
            right.Body["data"]!["signature"] = signature;
            return right;
        });
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.AnswerUnreadable);
    }

    private static async Task<VaultDouble> StartAsync() => (VaultDouble)await Providers.StartAsync("vault", Cancelled);
}
