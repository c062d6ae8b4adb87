using System.Text.Json.Nodes;

namespace Payouts.Tests.Contracts;

public sealed class When_the_async_api_is_generated
{
    private const string Command = "PAYOUTS_TEST_UPDATE=1 ./test.sh Contracts";

    [Fact]
    public void Should_equal_the_committed_one()
    {
        var generated = AsyncApi.Text();
        if (Environment.GetEnvironmentVariable("PAYOUTS_TEST_UPDATE") == "1")
            File.WriteAllText(AsyncApi.Path, generated);
        (File.Exists(AsyncApi.Path) ? File.ReadAllText(AsyncApi.Path) : "(no file)").ShouldBe(generated, $"docs/asyncapi.json is not what the contracts and the broker's definitions say; run: {Command}");
    }

    /// <summary>Whatever a reference names is there, in the document or as a file.</summary>
    [Fact]
    public void Should_refer_to_nothing_that_is_not_there()
    {
        var document = JsonNode.Parse(AsyncApi.Text())!;
        var references = References(document).ToList();
        references.Count.ShouldBeGreaterThan(30);
        foreach (var reference in references)
        {
            if (reference.StartsWith("#/", StringComparison.Ordinal))
                reference[2..].Split('/').Aggregate<string, JsonNode?>(document, (node, name) => node?[name]).ShouldNotBeNull(reference);
            else
                File.Exists(RepositoryRoot.PathOf("docs", reference)).ShouldBeTrue(reference);
        }
    }

    /// <summary>Each team's guide tells of every message that the document gives it.</summary>
    [Theory]
    [InlineData("game", "docs/events.md")]
    [InlineData("kms", "docs/signing.md")]
    public void Should_give_a_team_what_its_guide_tells(string user, string guide)
    {
        var (says, hears) = AsyncApi.RightsOf(user);
        var text = File.ReadAllText(RepositoryRoot.PathOf(guide));
        says.Concat(hears).ShouldNotBeEmpty();
        says.Concat(hears).Where(contract => !text.Contains($"Payouts.Contracts:{contract}", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => member.Key == "$ref" ? [member.Value!.GetValue<string>()] : References(member.Value)),
        JsonArray many => many.SelectMany(References),
        _ => [],
    };
}
