using System.CommandLine;
using Payouts.OperatorConsole.Asking;

namespace Payouts.OperatorConsole.Commands;

/// <summary>completion: prints what makes a shell complete commands, options and their values. The program itself is asked for them.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # In ~/.bashrc: source <(payouts-console completion bash)
        _payouts_console() {
          local word
          COMPREPLY=()
          while IFS= read -r word; do
            [[ -n $word && $word == "$2"* ]] && COMPREPLY+=("$word")
          done < <("$1" "[suggest:$COMP_POINT]" "$COMP_LINE" 2> /dev/null)
        }
        complete -o default -F _payouts_console payouts-console
        """;

    private const string Zsh = """
        # In ~/.zshrc, after compinit: source <(payouts-console completion zsh)
        _payouts_console() {
          local line="${(j: :)words[1,CURRENT]}"
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2> /dev/null)}")
          found=("${(@)found:#}")
          if (( ${#found} )); then compadd -- "${found[@]}"; else _files; fi
        }
        compdef _payouts_console payouts-console
        """;

    private const string Fish = """
        # In ~/.config/fish/completions/payouts-console.fish: payouts-console completion fish | source
        function __payouts_console_complete
            set -l line (commandline -cp | string collect)
            payouts-console "[suggest:"(string length -- "$line")"]" "$line" 2> /dev/null | string match -v ""
        end
        complete -c payouts-console -f -a "(__payouts_console_complete)"
        """;

    public static Command Build(Surroundings surroundings)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new LeafCommand("completion", "Prints the script that makes a shell complete commands and options.", [], ["completion bash", "completion fish"]) { shell };
        command.SetAction(parsed =>
        {
            surroundings.Terminal.Output.WriteLine(parsed.GetValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
