using Payouts.Signers.AwsKms;

namespace Payouts.Signers.Tests.Doubles;

/// <summary>The AWS SDK against a local double, not against the cloud.</summary>
public sealed class When_aws_keeps_the_key
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_exactly_as_kms_is_documented()
    {
        await using var aws = await StartAsync();
        await using var key = await aws.ProvenAsync(Cancelled);
        await key.SignAsync(Hashes.Number(1), Cancelled);

        var (read, sign) = (aws.Requests[0], aws.Requests[1]);
        read.Headers["X-Amz-Target"].ShouldBe("TrentService.GetPublicKey");
        sign.Headers["X-Amz-Target"].ShouldBe("TrentService.Sign");
        sign.Members.Order(StringComparer.Ordinal).ShouldBe(["KeyId", "Message", "MessageType", "SigningAlgorithm"]);
        sign.Body["KeyId"]!.GetValue<string>().ShouldBe(AwsKmsDouble.Alias);
        sign.Body["Message"]!.GetValue<string>().ShouldBe(Convert.ToBase64String(Hashes.Number(1).Bytes));
        sign.Body["MessageType"]!.GetValue<string>().ShouldBe("RAW", "DIGEST is for Ed25519ph");
        sign.Body["SigningAlgorithm"]!.GetValue<string>().ShouldBe("ED25519_SHA_512");
        foreach (var request in aws.Requests)
        {
            (request.Method, request.Path).ShouldBe(("POST", "/"));
            request.Headers["Content-Type"].ShouldBe("application/x-amz-json-1.1");
            request.Headers["Authorization"].ShouldContain("/eu-central-1/kms/aws4_request");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_refuse_the_signature_of_another_key_behind_the_alias()
    {
        await using var aws = await StartAsync();
        await using var key = await aws.ProvenAsync(Cancelled);
        aws.Next(right => ProviderDouble.With(right, ("KeyId", AwsKmsDouble.Arn[..^1] + "c")));
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.KeyDiffers);
        aws.Next(right => ProviderDouble.With(right, ("SigningAlgorithm", "ED25519_PH_SHA_512")));
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.AnswerUnreadable);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_that_the_key_is_disabled()
    {
        await using var aws = await StartAsync();
        await using var key = await aws.ProvenAsync(Cancelled);
        aws.Next(_ => aws.Failure(DoubleFailure.Disabled));
        (await Hashes.ProblemAsync(() => key.SignAsync(Hashes.Number(1), Cancelled))).ShouldBe(SigningProblem.KeyDisabled);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ECC_NIST_P256", -1)]
    [InlineData("ECC_NIST_EDWARDS25519", 8)]
    [InlineData("ECC_NIST_EDWARDS25519", 0)]
    [InlineData("ECC_NIST_EDWARDS25519", 11)]
    public async Task Should_refuse_a_key_of_another_kind(string spec, int changedByte)
    {
        await using var aws = await StartAsync();
        aws.KeySpec = spec;
        aws.PublicKeyInfo = Ed25519PublicKeyInfo.Write(aws.Key.AccountId);
        if (changedByte >= 0)
            aws.PublicKeyInfo[changedByte] ^= 1;
        await using var key = aws.CreateKey();
        (await Hashes.ProblemAsync(() => key.ReadPublicKeyAsync(Cancelled))).ShouldBe(SigningProblem.KeyTypeWrong);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_that_there_are_no_credentials()
    {
        // Without the instance's metadata the SDK's chain ends here, as on a host that was given no role.
        const string variable = "AWS_EC2_METADATA_DISABLED";
        var before = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, "true");
        try
        {
            await using var aws = await StartAsync();
            await using var key = new AwsKmsKey(new AwsKmsOptions { KeyId = AwsKmsDouble.Alias, Region = "eu-central-1", Endpoint = aws.Address });
            (await Hashes.ProblemAsync(() => key.ReadPublicKeyAsync(Cancelled))).ShouldBe(SigningProblem.CredentialsRefused);
            aws.Requests.ShouldBeEmpty();
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    private static async Task<AwsKmsDouble> StartAsync() => (AwsKmsDouble)await Providers.StartAsync("aws-kms", Cancelled);
}
