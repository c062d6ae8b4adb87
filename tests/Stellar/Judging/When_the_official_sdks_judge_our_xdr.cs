using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Judging;

/// <summary>
/// Random values over all types, both ways. STELLAR_INTEROP_VALUES (5,000) and STELLAR_INTEROP_SEED (1) make a longer or another run.
/// </summary>
[Collection(nameof(Judge))]
public sealed class When_the_official_sdks_judge_our_xdr(Judge judge)
{
    private const int ChunkSize = 1000;

    // Typedefs that the SDK replaced by what they stand for; they are judged inside the types that use them.
    private static readonly string[] Unnamed =
    [
        "ContractCostParams", "DependentTxCluster", "LedgerEntryChanges", "ParallelTxExecutionStage", "SCMap", "SCString", "SCSymbol", "SCVec",
        "SponsorshipDescriptor", "String32", "String64",
    ];

    private static readonly int Values = Settings.Number("STELLAR_INTEROP_VALUES", 5_000);
    private static readonly int Seed = Settings.Number("STELLAR_INTEROP_SEED", 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 3_600_000)]
    public async Task Should_read_and_write_what_we_wrote_as_we_did()
    {
        var random = await RandomAsync();
        var byRust = 0;
        var notByRust = new Dictionary<string, int>();
        foreach (var chunk in Plan(random).Chunk(ChunkSize))
        {
            var values = chunk.Select(p => (p.Type, p.Seed, Value: random.Next(p.Type, p.Seed))).ToList();
            var answers = await judge.AskAsync([.. values.Select(v => JudgeRequest.Check(v.Type.Name, XdrCodec.ToBase64(v.Value)))], Token);
            foreach (var (value, answer) in values.Zip(answers))
            {
                var about = $"{value.Type.Name}, seed {value.Seed}: {answer["error"]}";
                var ours = XdrCodec.ToBase64(value.Value);
                answer["error"].ShouldBeNull(about);
                ShouldEqual(answer["xdr"]!.GetValue<string>(), ours, about);
                ShouldEqual(answer["dump"]!.GetValue<string>(), XdrDump.Of(value.Value), about);
                XdrTypes.Decode(value.Type, Convert.FromBase64String(ours)).ShouldBe(value.Value, about);
                if (answer["rust"]?.GetValue<string>() is { } rust)
                {
                    ShouldEqual(rust, ours, about);
                    byRust++;
                }
                else
                {
                    var reason = answer["rustSkipped"]!.GetValue<string>();
                    notByRust[reason] = notByRust.GetValueOrDefault(reason) + 1;
                }
            }
        }

        Report($"{Values} values of {random.Types.Count} types, seeds from {Seed}: written by us, read by the JavaScript SDK. The Rust XDR judged {byRust} "
            + $"of them; {notByRust.GetValueOrDefault("newer")} are newer than it (protocol 28), {notByRust.GetValueOrDefault("json")} do not fit its JSON.");
        byRust.ShouldBeGreaterThan(Values * 9 / 10);
    }

    [Fact(Timeout = 3_600_000)]
    public async Task Should_be_read_and_written_by_us_as_they_wrote()
    {
        var random = await RandomAsync();
        foreach (var chunk in Plan(random).Chunk(ChunkSize))
        {
            var answers = await judge.AskAsync([.. chunk.Select(p => JudgeRequest.Random(p.Type.Name, (uint)p.Seed))], Token);
            foreach (var (plan, answer) in chunk.Zip(answers))
            {
                var about = $"{plan.Type.Name}, seed {plan.Seed}: {answer["error"]}";
                var theirs = answer["xdr"].ShouldNotBeNull(about).GetValue<string>();
                var value = XdrTypes.Decode(plan.Type, Convert.FromBase64String(theirs));
                ShouldEqual(theirs, XdrCodec.ToBase64(value), about);
                ShouldEqual(answer["dump"]!.GetValue<string>(), XdrDump.Of(value), about);
            }
        }

        Report($"{Values} values of {random.Types.Count} types, seeds from {Seed}: written by the JavaScript SDK, read by us.");
    }

    // A short message: the difference of two long texts, character by character, helps nobody.
    private static void ShouldEqual(string theirs, string ours, string about) =>
        string.Equals(theirs, ours, StringComparison.Ordinal).ShouldBeTrue($"{about}\ntheirs {theirs}\nours   {ours}");

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static IEnumerable<(Type Type, int Seed)> Plan(RandomXdr random) =>
        Enumerable.Range(0, Values).Select(i => (random.Types[i % random.Types.Count], Seed + i));

    private async Task<RandomXdr> RandomAsync()
    {
        var random = new RandomXdr(await judge.AskAsync(JudgeRequest.Schema(XdrTypes.All.Select(t => t.Name)), Token));
        XdrTypes.All.Except(random.Types).Select(t => t.Name).ShouldBe(Unnamed);
        return random;
    }
}
