using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Judging;

[Collection(nameof(Judge))]
public sealed class When_the_xdr_is_generated_again(Judge judge)
{
    [Fact(Timeout = 300_000)]
    public async Task Should_be_what_is_committed()
    {
        judge.ShouldNotBeNull("it installed the SDK that the generator reads");
        var again = Directory.CreateTempSubdirectory("xdr-generated-");
        try
        {
            await Judge.RunToEndAsync("node", "generate.mjs", again.FullName);

            var committed = Path.Combine(Repository.Root, "shared", "stellar", "Xdr", "Generated");
            Names(again.FullName).ShouldBe(Names(committed));
            Names(again.FullName).Count.ShouldBeGreaterThan(300);
            foreach (var name in Names(committed))
            {
                var same = await File.ReadAllTextAsync(Path.Combine(committed, name), TestContext.Current.CancellationToken)
                    == await File.ReadAllTextAsync(Path.Combine(again.FullName, name), TestContext.Current.CancellationToken);
                same.ShouldBeTrue($"{name} is not what tools/xdr-generator writes; run it again, or change it there");
            }
        }
        finally
        {
            again.Delete(recursive: true);
        }
    }

    private static List<string> Names(string folder) =>
        [.. Directory.GetFiles(folder, "*.cs").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
}
