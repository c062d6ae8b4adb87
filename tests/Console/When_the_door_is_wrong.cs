using Payouts.Tests.OperatorConsole.Support;

namespace Payouts.Tests.OperatorConsole;

/// <summary>Settings, keys and addresses that do not fit: what is said, and what is not.</summary>
public sealed class When_the_door_is_wrong(PlayedSuite played)
{
    private SuiteOfOperators Suite => played.Suite;

    [Theory(Timeout = 60_000)]
    [InlineData("payouts list --state Lost", "Lost")]
    [InlineData("payouts show 17", "17")]
    [InlineData("payouts retry 4c4a6742-8d0f-5868-8259-7a1fba867a4b", "Option '--reason' is required")]
    [InlineData("payouts list --limit 0", "--limit is \"0\"; a whole number from 1 to 1000000 is right")]
    [InlineData("rounds verfy x", "verfy")]
    [InlineData("rounds preview x", "say the draw in one way")]
    [InlineData("rounds preview x --winner GABC", "--winner is \"GABC\"; ACCOUNT=AMOUNT is right")]
    [InlineData("rounds preview x --file nowhere.json", "nowhere.json cannot be read")]
    [InlineData("direct order --reference r --context c --pool 1 --number 1 --winner G --amount 1,5 --currency XLM --reason x", "\"1,5\" is not a decimal amount")]
    [InlineData("reconcile --day 2026-13-01", "--day is \"2026-13-01\"; a UTC day such as 2026-12-01 is right")]
    [InlineData("reconcile --day 2026-12-01 --round x", "say --round or --day, not both")]
    [InlineData("status --every 0", "--every is \"0\"; a whole number from 1 to 3600 is right")]
    [InlineData("", "Required command was not provided")]
    public async Task Should_refuse_a_wrong_line_before_anything_is_sent(string line, string said)
    {
        var refused = await Suite.RunAsync(line, "ruth");
        refused.Code.ShouldBe(2, refused.ToString());
        refused.Errors.ShouldContain(said);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("PAYOUTS_URL", "payouts.example", "PAYOUTS_URL is no address such as https://rounds.example")]
    [InlineData("PAYOUTS_ROUNDS_URL", "https://ana:hunter2@rounds.example", "PAYOUTS_ROUNDS_URL is no address")]
    [InlineData("PAYOUTS_ROUNDS_URL", "http://rounds.example:8080", "http://rounds.example:8080 is not encrypted, and whoever listens would have the key")]
    [InlineData("PAYOUTS_API_KEY", "payouts_hunter2", "PAYOUTS_API_KEY and PAYOUTS_API_KEY_FILE are both set; keep one of them")]
    [InlineData("PAYOUTS_API_KEY_FILE", "/nowhere/key", "PAYOUTS_API_KEY_FILE names /nowhere/key, which cannot be read")]
    [InlineData("PAYOUTS_TLS_CA_FILE", "/nowhere/ca.pem", "PAYOUTS_TLS_CA_FILE names /nowhere/ca.pem, which cannot be used")]
    [InlineData("PAYOUTS_TIMEOUT_SECONDS", "0", "PAYOUTS_TIMEOUT_SECONDS must be a whole number from 1 to 600")]
    [InlineData("PAYOUTS_PROFILE", "prod", "there is no profile prod")]
    [InlineData("PAYOUTS_CONSOLE_FILE", "/nowhere/console.json", "PAYOUTS_CONSOLE_FILE names /nowhere/console.json, which does not exist")]
    public async Task Should_name_a_setting_that_is_wrong_and_never_what_is_secret_in_it(string name, string value, string said)
    {
        var environment = Suite.EnvironmentOf("ruth");
        environment[name] = value;
        var refused = await ConsoleProcess.RunAsync("rounds list", environment);
        refused.Code.ShouldBe(2, refused.ToString());
        refused.Errors.ShouldContain(said);
        refused.Errors.ShouldNotContain("hunter2");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_which_role_is_needed()
    {
        var environment = Suite.EnvironmentOf("ruth");
        environment.Remove("PAYOUTS_API_KEY_FILE");
        var unknown = await ConsoleProcess.RunAsync("rounds list", environment);
        unknown.Code.ShouldBe(1);
        unknown.Errors.ShouldContain("answers 401: you are not known");
        unknown.Errors.ShouldContain("with the role read or game into a file and name it in PAYOUTS_API_KEY_FILE");
        var forbidden = await Suite.RunAsync($"payouts hold {played.PaidPayout} --reason x", "ruth");
        forbidden.Code.ShouldBe(1);
        forbidden.Errors.ShouldContain("answers 403: ruth may not do this: it needs the role operate");
        // Health is open, so that is told, and what is not known for want of a role is wrong.
        var status = await ConsoleProcess.RunAsync("status --json", environment);
        status.Code.ShouldBe(1);
        status.Json["services"]![0]!["ready"]!.GetValue<bool>().ShouldBeTrue();
        status.Json["notAsked"]!.AsArray().ShouldNotBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_a_key_to_nobody_but_the_services()
    {
        var key = (await File.ReadAllTextAsync(Path.Combine(Suite.Home, "ana"), TestContext.Current.CancellationToken)).Trim();
        foreach (var line in new[] { "rounds list", "status", "payouts show 00000000-0000-0000-0000-000000000000", "payouts hold x", $"payouts retry {played.PaidPayout} --reason x --json" })
        {
            var said = await Suite.RunAsync(line);
            (said.Output + said.Errors).ShouldNotContain(key);
        }
    }

    /// <summary>Of a change without an answer nobody knows: the key to repeat it under is said.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_say_how_to_repeat_what_was_not_answered()
    {
        var environment = Suite.EnvironmentOf("ana");
        environment["PAYOUTS_URL"] = $"http://127.0.0.1:{Payouts.Tests.Support.FreePort.Next()}";
        var silent = await ConsoleProcess.RunAsync($"payouts retry {played.HeldPayout} --reason x", environment);
        silent.Code.ShouldBe(3);
        silent.Errors.ShouldMatch(@"^Idempotency-Key: (console-\S+)\npayout-builder at http://127\.0\.0\.1:\d+ does not answer: .*the same again with --idempotency-key \1 is harmless");
        (await ConsoleProcess.RunAsync("rounds list", environment)).Code.ShouldBe(3);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_read_profiles_and_no_key_in_them()
    {
        var folder = Path.Combine(Suite.Home, ".config", "payouts");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "console.json");
        var environment = new Dictionary<string, string> { ["HOME"] = Suite.Home };
        try
        {
            await WriteAsync(file, $$"""
                { "default": "test", "profiles": { "test": { "url": "{{Suite.Address}}", "apiKeyFile": "{{Path.Combine(Suite.Home, "ruth")}}", "timeoutSeconds": 60 },
                  "far": { "urls": { "rounds": "http://rounds.example" }, "apiKeyFile": "{{Path.Combine(Suite.Home, "ruth")}}" } } }
                """);
            (await ConsoleProcess.RunAsync("rounds list -q", environment)).Output.ShouldContain(PlayedSuite.Settled);
            (await ConsoleProcess.RunAsync("rounds list --profile far", environment)).Errors.ShouldContain("http://rounds.example is not encrypted");
            (await ConsoleProcess.RunAsync("rounds list --profile prod", environment)).Errors.ShouldContain("has no profile prod; it has far, test");
            await WriteAsync(file, """{ "profiles": { "test": { "apiKey": "payouts_hunter2" } } }""");
            var refused = await ConsoleProcess.RunAsync("rounds list", environment);
            refused.Code.ShouldBe(2);
            refused.Errors.ShouldContain("a profile has url, urls, apiKeyFile, tlsCaFile, timeoutSeconds, and no key itself");
            refused.Errors.ShouldNotContain("hunter2");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task WriteAsync(string path, string text) => File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
}
