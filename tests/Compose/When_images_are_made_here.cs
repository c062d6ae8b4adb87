using System.Text.RegularExpressions;

namespace Payouts.Tests.Compose;

/// <summary>scripts/compose-images.sh against docker-compose.yml: an image that the one pulls and the other does not make would keep the suite from a host without a registry.</summary>
public sealed partial class When_images_are_made_here
{
    [Fact]
    public void Should_make_every_image_that_compose_pulls_but_grafana()
    {
        var pulled = ImageVariable().Matches(File.ReadAllText(RepositoryRoot.PathOf("docker-compose.yml"))).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        pulled.ShouldContain("GRAFANA");
        var script = File.ReadAllText(RepositoryRoot.PathOf("scripts", "compose-images.sh"));
        var made = MadeServer().Matches(script).Concat(MadeBase().Matches(script)).Select(match => match.Groups["name"].Value).Append("GRAFANA").Order(StringComparer.Ordinal);
        made.ShouldBe(pulled);
    }

    [Fact]
    public void Should_ask_nobody_for_a_base()
    {
        var files = Directory.EnumerateFiles(RepositoryRoot.PathOf("tests", "Compose", "images"), "Dockerfile", SearchOption.AllDirectories).ToList();
        files.Count.ShouldBe(6);
        foreach (var file in files)
            File.ReadLines(file).Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ShouldAllBe(line => line == "FROM ${DEBIAN_IMAGE}" || line == "FROM ${RUNTIME_IMAGE}", file);
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)_IMAGE:-")]
    private static partial Regex ImageVariable();

    [GeneratedRegex(@"(?<=[ ])(?<name>[A-Z]+):[a-z]+:[a-z]")]
    private static partial Regex MadeServer();

    [GeneratedRegex("echo \"(?<name>[A-Z_]+)_IMAGE=")]
    private static partial Regex MadeBase();
}
