namespace Payouts.Tests.Architecture;

public sealed class When_sources_are_judged
{
    private const string Service = "services/rounds/Planted.cs";
    private const string Contract = "shared/contracts/Planted.cs";

    /// <summary>Violations that each rule must catch.</summary>
    private static readonly Dictionary<string, (string Path, string Text)[]> Planted = new(StringComparer.Ordinal)
    {
        ["time comes from a TimeProvider"] =
            [(Service, "var now = DateTime.UtcNow;"), (Service, "var now = DateTimeOffset .Now;"), ("tests/Rounds/Planted.cs", "var day = DateTime.Today;"), (Service, "var text = $\"at {DateTimeOffset.UtcNow}\";")],
        ["nobody sleeps"] = [(Service, "Thread.Sleep(10);"), ("tests/Rounds/Planted.cs", "System.Threading.Thread.Sleep(10);")],
        ["nobody waits for a task by blocking"] = [(Service, "work.GetAwaiter().GetResult();"), (Service, "work.Wait();")],
        ["tests wait by probe"] = [("tests/Rounds/Planted.cs", "await Task.Delay(500);"), ("tests/Rounds/Planted.cs", "await Task.Delay(TimeSpan.FromSeconds(1), stop);")],
        ["chance has a seed"] = [(Service, "Random.Shared.Next()"), ("tests/Rounds/Planted.cs", "var random = new Random();")],
        ["contracts hold no floating point"] = [(Contract, "public required double Amount { get; init; }"), (Contract, "public decimal? Amount;"), (Contract, "private float x;")],
        ["services do not count in decimal"] = [(Service, "decimal share = total / 3;"), (Service, "var share = 12.5m;"), (Service, "decimal.Parse(text)")],
        ["nothing is left to do"] = [(Service, "// TODO: later"), ("scripts/planted.sh", "# FIXME"), ("docs/planted.md", "HACK"), (Service, "throw new NotImplementedException();")],
        ["files are short"] = [(Service, new string('\n', SourceRules.LinesMax + 1)), ("tools/planted.mjs", new string('\n', SourceRules.LinesMax + 1))],
        ["no exception is swallowed silently"] =
            [(Service, "try { Work(); } catch { }"), (Service, "catch (Exception)\n{\n}"), (Service, "catch (Exception e) when (Is(e) && e.Data.Count(x) > 0) { }")],
        ["services log and do not print"] = [(Service, "Console.WriteLine(1);"), (Service, "await Console.Error.WriteLineAsync(text);")],
        ["logs hold no secrets"] =
            [(Service, "[LoggerMessage(LogLevel.Warning, \"envelope {signedXdr}\")]"), (Service, "logger.LogInformation(\"key {secret}\", key);"), (Service, "[LoggerMessage(LogLevel.Error,\n  \"{account} with {seed}\")]")],
        ["messages hold no secrets"] = [(Service, "throw new FormatException($\"bad key {secret}\");"), (Service, "var text = $\"sent {message.SignedXdr} \" + $\"{order.signedXdr:D}\";"), (Service, "$\"{hotSecret}\"")],
        ["no default fails a payout"] =
        [
            ("services/payout-submitter/Planted.cs", "return code switch { Code.Known => Again(), _ => new LedgerVerdict.Failed(7) };"),
            ("services/payout-builder/Planted.cs", "switch (code)\n{\n    default:\n        unit.Publish(new PayoutFailed());\n        break;\n}"),
        ],
        ["contracts stay in their namespace"] = [(Contract, "namespace Payouts.Contracts.Rounds;\npublic sealed record Planted;")],
        ["package versions stand in one file"] =
            [("services/rounds/Planted.csproj", "<PackageReference Include=\"Npgsql\" Version=\"10.0.3\" />"), ("services/rounds/Planted.csproj", "<PackageReference Include=\"Npgsql\" VersionOverride=\"10.0.3\" />")],
        ["MassTransit stays free"] =
        [
            ("Directory.Packages.props", "<PackageVersion Include=\"MassTransit\" Version=\"9.0.0\" />"),
            ("Directory.Packages.props", "<PackageVersion Include=\"MassTransit.RabbitMQ\" Version=\"8.5.11\" />"),
            ("Directory.Packages.props", "<PackageVersion Include=\"MassTransit\" Version=\"[8.5.11,)\" />"),
        ],
        ["no developer's machine"] = [("docs/planted.md", "see /home/dev/payouts"), (Service, "File.ReadAllText(\"/tmp/rounds.db\")"), ("run.sh", "cd /root/suite"), ("tools/planted.mjs", "'/work/main'")],
        ["no package registry"] = [("tests/Devnet/js/package-lock.json", "\"resolved\": \"https://example.test/a.tgz\""), (".npmrc", "registry=https://registry." + "npmjs.org/"), ("docs/planted.md", "https://api." + "nuget.org/v3/index.json")],
    };

    /// <summary>What looks like a violation and is none.</summary>
    private static readonly Dictionary<string, (string Path, string Text)[]> Innocent = new(StringComparer.Ordinal)
    {
        ["time comes from a TimeProvider"] = [(Service, "// not DateTime.UtcNow\nvar text = \"DateTime.Now\";"), (Service, "var now = time.GetUtcNow();")],
        ["tests wait by probe"] = [("tests/Rounds/Planted.cs", "await Task.Delay(Timeout.Infinite, stop);"), (Service, "await Task.Delay(pause, time, stop);")],
        ["chance has a seed"] = [(Service, "new Random(seed)")],
        ["contracts hold no floating point"] = [(Contract, "/// <summary>never a double</summary>\npublic required Stroops Amount { get; init; }")],
        ["services do not count in decimal"] = [(Service, "throw new FormatException(\"not a decimal number\");"), (Service, "double seconds = 1.5;")],
        ["files are short"] = [("shared/stellar/Xdr/Generated/Planted.cs", new string('\n', SourceRules.LinesMax + 1)), (Service, new string('\n', SourceRules.LinesMax))],
        ["no exception is swallowed silently"] = [(Service, "catch (IOException)\n{\n    // Another process deletes it as well.\n}"), (Service, "catch (SomeException e) when (e.Range is { } range) { Log(e); }")],
        ["logs hold no secrets"] = [(Service, "[LoggerMessage(LogLevel.Warning, \"no signature came for {payoutId}\")]")],
        ["messages hold no secrets"] = [(Service, "$\"{SettingNames.HotSignerSecret} is missing\""), (Service, "$\"signedXdr has {xdr.Length} characters\""), (Service, "$\"at most {SignaturesMax}\"")],
        ["no default fails a payout"] =
        [
            ("services/payout-submitter/Planted.cs", "return code switch { Code.Failed => new Verdict.Failed(7), _ => new Verdict.Unclear(7) };"),
            ("services/payout-builder/Planted.cs", ".IfElse(_ => live, x => x.TransitionTo(Built), x => x.TransitionTo(Failed))"),
        ],
        ["MassTransit stays free"] = [("Directory.Packages.props", "<PackageVersion Include=\"MassTransit\" Version=\"[8.5.11]\" />")],
        ["no developer's machine"] = [("k8s/planted.yaml", "mountPath: /tmp\nimage: a/work/b"), ("scripts/planted.sh", "cd /tmp/x")],
    };

    public static TheoryData<string> RuleNames => [.. SourceRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_find_no_violation(string rule) => SourceTree.Files.SelectMany(Rule(rule).Judge).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_catch_each_planted_violation(string rule)
    {
        Planted.ContainsKey(rule).ShouldBeTrue($"plant a violation of '{rule}'");
        foreach (var (path, text) in Planted[rule])
        {
            Rule(rule).Judge(new SourceFile(path, text)).ShouldNotBeEmpty($"not caught in {path}: {text}");
        }
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_leave_alone_what_only_looks_like_one(string rule)
    {
        foreach (var (path, text) in Innocent.GetValueOrDefault(rule, []))
        {
            Rule(rule).Judge(new SourceFile(path, text)).ShouldBeEmpty($"{path}: {text}");
        }

        SourceTree.Files.ShouldContain(file => Rule(rule).Applies(file), "the rule is about no file at all");
    }

    [Fact]
    public void Should_read_the_whole_repository()
    {
        foreach (var path in new[] { "docker-compose.yml", "services/payout-builder/Saga/PayoutStateMachine.cs", "tools/devnet/Dockerfile", "tests/Devnet/js/package-lock.json", ".env.example", "run.sh" })
        {
            SourceTree.Files.ShouldContain(file => file.Path == path);
        }

        SourceTree.Files.ShouldNotContain(file => file.Path.Contains("/obj/", StringComparison.Ordinal) || file.Path.Contains("node_modules", StringComparison.Ordinal));
    }

    private static SourceRule Rule(string name) => SourceRules.All.Single(rule => rule.Name == name);
}
