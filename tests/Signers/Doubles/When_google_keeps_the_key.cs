using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Payouts.Signers.GoogleKms;

namespace Payouts.Signers.Tests.Doubles;

/// <summary>Against a local double, not against the cloud.</summary>
public sealed class When_google_keeps_the_key
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_exactly_as_cloud_kms_is_documented()
    {
        await using var google = await StartAsync();
        await using var key = await google.ProvenAsync(Cancelled);
        await key.SignAsync(Hashes.Number(1), Cancelled);

        var (read, sign) = (google.Requests[0], google.Requests[1]);
        (read.Method, read.Path, read.Text).ShouldBe(("GET", $"/v1/{GoogleKmsDouble.Name}/publicKey", ""));
        (sign.Method, sign.Path).ShouldBe(("POST", $"/v1/{GoogleKmsDouble.Name}:asymmetricSign"));
        sign.Members.ShouldBe(["data", "dataCrc32c"], "no digest: the algorithm hashes by itself");
        sign.Body["data"]!.GetValue<string>().ShouldBe(Convert.ToBase64String(Hashes.Number(1).Bytes));
        sign.Body["dataCrc32c"]!.GetValue<string>().ShouldBe(GoogleKmsDouble.Checksum(Hashes.Number(1).Bytes));
        sign.Headers["Authorization"].ShouldBe($"Bearer {GoogleKmsDouble.AccessToken}");
    }

    [Fact]
    public void Should_judge_by_a_checksum_that_is_the_published_one() => GoogleKmsDouble.Checksum("123456789"u8).ShouldBe("3808858755", "the check value of CRC-32C");

    public static TheoryData<string, SigningProblem> WrongAnswers => new()
    {
        { "signatureCrc32c", SigningProblem.AnswerCorrupt },
        { "signatureCrc32c missing", SigningProblem.AnswerCorrupt },
        { "verifiedDataCrc32c", SigningProblem.AnswerCorrupt },
        { "verifiedDataCrc32c missing", SigningProblem.AnswerCorrupt },
        { "name", SigningProblem.KeyVersionDiffers },
        { "name missing", SigningProblem.KeyVersionDiffers },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(WrongAnswers))]
    public async Task Should_refuse_a_signature_that_is_not_surely_the_asked_one(string wrong, SigningProblem problem)
    {
        await using var google = await StartAsync();
        await using var key = await google.ProvenAsync(Cancelled, Hashes.Limits with { TriesMax = 1 });
        var member = wrong.Split(' ')[0];
        JsonNode? value = wrong.EndsWith("missing", StringComparison.Ordinal) ? null : member switch
        {
            "name" => GoogleKmsDouble.Name[..^1] + "5",
            "verifiedDataCrc32c" => false,
            _ => "1",
        };
        google.Next(right => ProviderDouble.With(right, (member, value)));
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(problem);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_again_after_a_corrupted_answer()
    {
        await using var google = await StartAsync();
        await using var key = await google.ProvenAsync(Cancelled);
        google.Next(right => ProviderDouble.With(right, ("signatureCrc32c", "1")));
        await key.SignAsync(Hashes.Number(1), Cancelled);
        google.Requests.Count.ShouldBe(3);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("pemCrc32c", "1", SigningProblem.AnswerCorrupt)]
    [InlineData("name", "projects/other", SigningProblem.KeyVersionDiffers)]
    [InlineData("algorithm", "EC_SIGN_P256_SHA256", SigningProblem.KeyTypeWrong)]
    [InlineData("pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", SigningProblem.AnswerCorrupt)]
    public async Task Should_refuse_a_public_key_that_is_not_surely_the_asked_one(string member, string value, SigningProblem problem)
    {
        await using var google = await StartAsync();
        await using var key = google.CreateKey();
        google.Next(right => ProviderDouble.With(right, (member, value)));
        (await Hashes.ProblemAsync(() => key.ReadPublicKeyAsync(Cancelled))).ShouldBe(problem);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_that_the_version_is_disabled()
    {
        await using var google = await StartAsync();
        await using var key = await google.ProvenAsync(Cancelled);
        google.Next(_ => google.Failure(DoubleFailure.Disabled));
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.KeyDisabled);
    }

    /// <summary>Application default credentials, as a mounted file of a service account: the token comes from the endpoint that it names.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_take_its_token_from_the_application_default_credentials()
    {
        const string variable = "GOOGLE_APPLICATION_CREDENTIALS";
        await using var google = await StartAsync();
        using var rsa = RSA.Create(2048);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new JsonObject
        {
            ["type"] = "service_account", ["project_id"] = "games", ["private_key_id"] = "1", ["private_key"] = rsa.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "payouts@games.iam.gserviceaccount.com", ["client_id"] = "1", ["token_uri"] = new Uri(google.Address, GoogleKmsDouble.TokenPath).AbsoluteUri,
        }.ToJsonString(), Cancelled);
        var before = Environment.GetEnvironmentVariable(variable);
        try
        {
            Environment.SetEnvironmentVariable(variable, file);
            await using var key = new GoogleKmsKey(new GoogleKmsOptions { KeyVersion = GoogleKmsDouble.Name, Endpoint = google.Address }).Guard(google.Key.AccountId);
            (await key.ProveAsync(Cancelled)).ShouldBeOfType<KeyState.Proven>();
            await key.SignAsync(Hashes.Number(1), Cancelled);
            google.Requests.Count(request => request.Path == GoogleKmsDouble.TokenPath).ShouldBe(1, "a token serves until it ends");
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
            File.Delete(file);
        }
    }

    private static async Task<GoogleKmsDouble> StartAsync() => (GoogleKmsDouble)await Providers.StartAsync("gcp-kms", Cancelled);
}
