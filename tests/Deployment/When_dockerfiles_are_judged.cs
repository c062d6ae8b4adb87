namespace Payouts.Tests.Deployment;

public sealed class When_dockerfiles_are_judged
{
    private static readonly Component Rounds = Components.Services[0];

    private static readonly Dictionary<DockerfileRule, (string Good, string Bad)[]> Planted = new()
    {
        [DockerfileRules.BasesAreArguments] = [("FROM ${RUNTIME_IMAGE}", "FROM alpine:3.20")],
        [DockerfileRules.PinnedBases] = [("aspnet:10.0-noble-chiseled", "aspnet"), ("sdk:10.0", "sdk:latest")],
        [DockerfileRules.NonRoot] = [("USER 1654:1654\n", ""), ("USER 1654:1654", "USER 0"), ("USER 1654:1654", "USER app")],
        [DockerfileRules.RunsItsAssembly] = [("ENTRYPOINT [\"dotnet\", \"payouts-rounds.dll\"]", "ENTRYPOINT dotnet payouts-rounds.dll"), ("payouts-rounds.dll\"]", "rounds.dll\"]")],
        [DockerfileRules.ChecksItsHealth] = [("--health-check", "--health"), ("HEALTHCHECK", "#HEALTHCHECK")],
        [DockerfileRules.BuildsItsFolder] = [("COPY services/rounds/ services/rounds/\n", ""), ("publish services/rounds", "publish services/round")],
        [DockerfileRules.NoTelemetry] = [(" MASSTRANSIT_USAGE_TELEMETRY=false", "")],
    };

    public static TheoryData<string> RuleNames => [.. DockerfileRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_find_no_violation_in_ours(string rule) =>
        Components.Images.SelectMany(component => Rule(rule).FindViolations(component, Text(component)).Select(found => $"{component.Dockerfile} {found}")).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_catch_each_planted_violation(string rule)
    {
        foreach (var (good, bad) in Planted[Rule(rule)])
        {
            Text(Rounds).ShouldContain(good);
            Rule(rule).FindViolations(Rounds, Text(Rounds).Replace(good, bad, StringComparison.Ordinal)).ShouldNotBeEmpty($"'{bad}' was not caught");
        }
    }

    [Theory]
    [MemberData(nameof(Components.ImagesData), MemberType = typeof(Components))]
    public void Should_run_the_assembly_that_the_project_makes(Component component)
    {
        var projects = Directory.GetFiles(RepositoryRoot.PathOf(component.Folder), "*.csproj");
        projects.Length.ShouldBe(1, $"{component.Dockerfile} publishes the folder, so it must hold one project");
        ProjectFile.ReadAssemblyName(projects[0]).ShouldBe(component.Assembly, $"AssemblyName in {projects[0]} against {component.Dockerfile}");
    }

    [Theory]
    [MemberData(nameof(Components.ImagesData), MemberType = typeof(Components))]
    public void Should_copy_every_folder_that_the_project_needs(Component component)
    {
        var projects = Directory.GetFiles(RepositoryRoot.PathOf(component.Folder), "*.csproj");
        projects.ShouldHaveSingleItem();
        var allowed = new[] { RepositoryRoot.PathOf("shared") + "/", RepositoryRoot.PathOf(component.Folder) + "/" };
        ProjectFile.FindAllReferences(projects[0])
            .Where(reference => !allowed.Any(folder => reference.StartsWith(folder, StringComparison.Ordinal)))
            .ShouldBeEmpty($"{component.Dockerfile} copies shared/ and {component.Folder}/ only");
    }

    [Fact]
    public void Should_notice_an_assembly_of_another_name()
    {
        var project = Path.Combine(Directory.CreateTempSubdirectory("payouts-project-").FullName, "Planted.csproj");
        File.WriteAllText(project, "<Project><PropertyGroup><AssemblyName>payouts-other</AssemblyName></PropertyGroup></Project>");
        ProjectFile.ReadAssemblyName(project).ShouldBe("payouts-other");
        File.WriteAllText(project, "<Project />");
        ProjectFile.ReadAssemblyName(project).ShouldBe("Planted");
        Directory.Delete(Path.GetDirectoryName(project)!, recursive: true);
    }

    [Fact]
    public void Should_let_every_copied_path_into_the_build_context()
    {
        var allowed = File.ReadAllLines(RepositoryRoot.PathOf(".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        foreach (var source in Components.Images.SelectMany(component => CopiedFromContext(Text(component))).Distinct())
        {
            allowed.ShouldContain(path => source == path || (path.EndsWith('/') && source.StartsWith(path, StringComparison.Ordinal)), $".dockerignore keeps {source} out");
        }
    }

    private static IEnumerable<string> CopiedFromContext(string text) => text.Split('\n')
        .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
        .SelectMany(line => line.Split(' ')[1..^1]);

    private static DockerfileRule Rule(string name) => DockerfileRules.All.Single(rule => rule.Name == name);

    private static string Text(Component component) => File.ReadAllText(RepositoryRoot.PathOf(component.Dockerfile));
}
