using System.Diagnostics;
using Payouts.Tests.OperatorConsole.Support;

namespace Payouts.Tests.OperatorConsole;

/// <summary>bash itself, with the script that the console prints, is asked what it would offer.</summary>
public sealed class When_the_shell_completes
{
    // Bash calls the function as it does when somebody presses the tabulator (bash(1), Programmable Completion).
    private const string Press = """
        source <(payouts-console completion bash)
        COMP_LINE=$1 COMP_POINT=${#1}
        read -ra COMP_WORDS <<< "$1"
        [[ $1 == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        function=$(complete -p payouts-console | sed -E 's/.*-F ([^ ]+) .*/\1/')
        "$function" payouts-console "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    [Theory(Timeout = 120_000)]
    [InlineData("payouts-console pay", "payouts", "rounds")]
    [InlineData("payouts-console payouts ", "why write-off retry", "draw")]
    [InlineData("payouts-console payouts list --state On", "OnHold", "Failed")]
    [InlineData("payouts-console dead-letters list --service payout-s", "payout-signer payout-submitter", "payout-builder")]
    [InlineData("payouts-console rounds cancel x --r", "--reason", "--yes")]
    public async Task Should_offer_what_can_be_typed(string line, string offered, string not)
    {
        var words = await PressAsync(line);
        foreach (var word in offered.Split(' '))
            words.ShouldContain(word);
        words.ShouldNotContain(not);
        words.ShouldNotContain(word => word.StartsWith('/') || word == "-?");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_have_a_script_for_each_shell()
    {
        (await ConsoleProcess.RunAsync("completion zsh", new Dictionary<string, string>())).Output.ShouldContain("compdef _payouts_console payouts-console");
        (await ConsoleProcess.RunAsync("completion fish", new Dictionary<string, string>())).Output.ShouldContain("complete -c payouts-console");
        (await ConsoleProcess.RunAsync("completion bash", new Dictionary<string, string>())).Output.ShouldContain("complete -o default -F _payouts_console payouts-console");
        (await ConsoleProcess.RunAsync("completion tcsh", new Dictionary<string, string>())).Code.ShouldBe(2);
    }

    private static async Task<IReadOnlyList<string>> PressAsync(string line)
    {
        var folder = Directory.CreateTempSubdirectory("payouts-completion-");
        try
        {
            var program = Path.Combine(folder.FullName, "payouts-console");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet {ConsoleProcess.Assembly} \"$@\"\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var start = new ProcessStartInfo("bash", ["--norc", "-c", Press, "bash", line]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PATH"] = $"{folder.FullName}:{start.Environment["PATH"]}";
            using var bash = Process.Start(start)!;
            var errors = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
            bash.ExitCode.ShouldBe(0, await errors);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
