using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Payouts.Stellar;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Secrets;

/// <summary>The search bites: planted leaks, in every form that a program may give them.</summary>
public sealed partial class When_secrets_are_searched
{
    private const string Password = "password-of-kms-in-faults-1";

    private static readonly string Seed = SuiteKeys.PayoutSource.ExportSecretSeed();
    private static readonly byte[] RawSeed = StrKey.Decode(StrKeyKind.SecretSeed, Seed);

    /// <summary>Signed by a key that the search is not told of, with a signature that it has not seen.</summary>
    private static readonly string SignedXdr = new TransactionBuilder(SuiteKeys.Channel(0).AccountId, 7).Add(new BumpSequenceOperation(0)).InclusionFeePerOperation(100)
        .ValidUntil(DateTimeOffset.FromUnixTimeSeconds(4_000_000_000)).Build().Sign(Network.Standalone, SuiteKeys.Named("unknown")).ToBase64();

    private static readonly byte[] Signature = SuiteKeys.PayoutSource.Sign(RawSeed);

    public static TheoryData<string, string> Leaks => new()
    {
        { "a seed in a line", $"info: started with {Seed}" },
        { "the head of a seed that was cut off", $"info: {Seed[..30]} ..." },
        { "a seed in lower case", Seed.ToLowerInvariant() },
        { "a raw seed in hex", $"key {Convert.ToHexStringLower(RawSeed)}" },
        { "a raw seed in capitals with dashes", BitConverter.ToString(RawSeed) },
        { "a raw seed in base64", Convert.ToBase64String(RawSeed) },
        { "a raw seed in base64 behind something", $"path/x{Convert.ToBase64String(RawSeed)}" },
        { "a seed's text in base64", Convert.ToBase64String(Encoding.UTF8.GetBytes($"seed={Seed}")) },
        { "a password in a URL", $"amqp://kms:{Uri.EscapeDataString(Password)}@host:1/" },
        { "a password in JSON", JsonSerializer.Serialize(new { url = $"amqp://kms:{Password}@host" }) },
        { "a signed envelope in base64", $"fail: sending {SignedXdr} failed" },
        { "a signed envelope in JSON with escapes", "{\"signedXdr\":\"" + SignedXdr.Replace("+", "\\u002B", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal) + "\"}" },
        { "a signed envelope in a query", $"GET /x?tx={Uri.EscapeDataString(SignedXdr)}" },
        { "a signed envelope broken over an exception's lines", $"System.Exception: {SignedXdr[..40]}\n   {SignedXdr[40..90]}\r\n   {SignedXdr[90..]}" },
        { "a signature in base64", $"\"signature\":\"{Convert.ToBase64String(Signature)}\"" },
        { "a signature in base64 for URLs", Convert.ToBase64String(Signature).Replace('+', '-').Replace('/', '_').TrimEnd('=') },
        { "a signature in hex", Convert.ToHexString(Signature) },
        { "the second half of a signature", Convert.ToHexString(Signature[32..]) },
        { "a signature inside other bytes", Convert.ToBase64String([1, 2, .. Signature, 3]) },
        { "a label of a metric", $"payouts_total{{detail=\"{Convert.ToBase64String(Signature)}\"}} 1" },
        { "a seed, compressed and in base64", Convert.ToBase64String(Packed($"so {Seed}")) },
    };

    [Theory]
    [MemberData(nameof(Leaks))]
    public void Should_find(string what, string text) => Search(new Evidence(what, Encoding.UTF8.GetBytes(text))).ShouldNotBeEmpty(what);

    [Fact]
    public void Should_find_what_is_not_even_text()
    {
        Search(new Evidence("a raw seed", [0xff, .. RawSeed, 0xfe])).ShouldNotBeEmpty();
        Search(new Evidence("a signed envelope, compressed", Packed(SignedXdr))).ShouldNotBeEmpty();
    }

    [Fact]
    public void Should_let_a_named_message_carry_a_signature_and_still_no_secret()
    {
        var envelope = Encoding.UTF8.GetBytes($"{{\"signedXdr\":\"{SignedXdr}\",\"signature\":\"{Convert.ToBase64String(Signature)}\"}}");
        Search(new Evidence("an answer", envelope, MayCarrySignatures: true)).ShouldBeEmpty();
        Search(new Evidence("an answer", [.. envelope, .. Encoding.UTF8.GetBytes(Seed)], MayCarrySignatures: true)).ShouldBe(["an answer: the hot key"]);
    }

    [Fact]
    public void Should_not_cry_over_what_everybody_may_know()
    {
        var unsigned = Transaction.FromBase64(SignedXdr).WithoutSignatures().ToBase64();
        var text = $"account {SuiteKeys.PayoutSource.AccountId}, hash {new string('a', 64)}, {unsigned}, password of kms, {Guid.Empty}, S{new string('A', 55)}";
        Search(new Evidence("a line", Encoding.UTF8.GetBytes(text))).ShouldBeEmpty();
    }

    [Fact]
    public void Should_never_repeat_what_it_found()
    {
        var found = string.Join('\n', Search(new Evidence("a line", Encoding.UTF8.GetBytes(Seed + SignedXdr))));
        found.ShouldBe("a line: the hot key\na line: a signed envelope");
    }

    [Fact]
    public void Should_allow_signatures_only_where_the_guide_says_why()
    {
        var guide = File.ReadAllText(RepositoryRoot.PathOf("docs/security.md")).Split("## What is said, and what never is")[1].Split("\n## ")[0];
        Row().Matches(guide).Select(match => match.Groups[1].Value).ShouldBe(BrokerTap.OfEnvelopes.Concat(BrokerTap.OfAuthorizations), ignoreOrder: true);
    }

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    private static IReadOnlyList<string> Search(Evidence evidence) =>
        new SecretScanner([new Secret("the hot key", Seed, RawSeed), new Secret("a password", Password)], [Signature]).Search([evidence]);

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
