using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Payouts.Channels.Commands;
using Payouts.Hosting.Configuration;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;

namespace Payouts.Channels;

/// <summary>The commands of ./run.sh channels.</summary>
public static class CommandLine
{
    private const string About = """
        Channel accounts: makes, funds, verifies and retires the accounts whose sequence numbers payouts use.

        Settings are the suite's own environment variables, each also as NAME_FILE with a path:
          SOROBAN_RPC_URL, STELLAR_NETWORK_PASSPHRASE, PAYOUT_CHANNEL_SECRET  needed by every command
          CHANNEL_FUNDER_SECRET     S... of the account that pays for create and fund, and gets back what retire merges
          PAYOUT_CHANNEL_ACCOUNTS   what payout-builder and payout-signer list; PAYOUT_FEE_ACCOUNT: who pays for fee bumps
          PAYOUTS_MAX_GAS_STROOPS   what one payout may cost, for verify
          HTTP_API_KEY              the key for payout-builder's door: role read for verify and list, operate for retire and keep
          PAYOUTS_CONFIRM_POLL_MS   how often the ledger is asked (1000)

        Exit codes: 0 done; 1 something is wrong or was refused, the output says what; 2 arguments or settings are wrong, nothing was sent;
        3 network or payout-builder did not answer, run the same command again; 130 interrupted, run it again.
        """;

    /// <summary>Runs one command and returns its exit code (<see cref="ExitCodes"/>).</summary>
    /// <param name="args">As a shell gives them.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="terminal">Where answers and complaints go.</param>
    /// <param name="time">For waiting and rates.</param>
    /// <param name="cancellationToken">Interrupts it, as a signal does.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, IConfiguration configuration, Terminal terminal, TimeProvider time, CancellationToken cancellationToken)
    {
        var parsed = Build(configuration, terminal, time).Parse(args);
        // The library asks for the system's culture and writes to the console unless told otherwise.
        var invocation = new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false };
        if (parsed.Action is ParseErrorAction wrong)
            wrong.ShowHelp = false;
        var code = await parsed.InvokeAsync(invocation, cancellationToken);
        return parsed.Action is ParseErrorAction ? ExitCodes.Usage : code;
    }

    private static RootCommand Build(IConfiguration configuration, Terminal terminal, TimeProvider time)
    {
        var o = new ChannelOptions();
        var root = new RootCommand(About) { o.Json };

        Task<int> Run(ParseResult parsed, bool changesLedger, Func<Work, Task<int>> command, CancellationToken cancellationToken) => Guard(terminal, async () =>
        {
            await using var work = await Work.OpenAsync(configuration, terminal, parsed.GetValue(o.Json), changesLedger ? (uint)parsed.GetValue(o.MaxFee) : null, time, cancellationToken);
            return await command(work);
        });

        var create = new Command("create", "Creates the accounts with the numbers FROM to FROM + COUNT - 1 that do not exist yet, up to 100 in a transaction, and prints PAYOUT_CHANNEL_ACCOUNTS with them. Killed or interrupted, the same command does the rest.")
        {
            o.From, o.CountRequired, o.Balance, o.WithFeeAccount, o.MaxFee,
        };
        create.Validators.Add(result => ChannelOptions.RequireRange(result, o.From, o.CountRequired));
        create.SetAction((parsed, cancellationToken) => Run(parsed, true, work => CreateCommand.RunAsync(
            work, ChannelOptions.Range(work, parsed.GetValue(o.From), parsed.GetValue(o.CountRequired), parsed.GetValue(o.WithFeeAccount)), parsed.GetValue(o.Balance), cancellationToken), cancellationToken));

        var fund = new Command("fund", "Tops up every existing channel, and PAYOUT_FEE_ACCOUNT, that can spend less than MIN, to what TO says. The reserve of an account (0.5 XLM for each of its two base entries) is not spendable and not counted.")
        {
            o.Min, o.To, o.From, o.Count, o.WithFeeAccount, o.MaxFee,
        };
        fund.Validators.Add(result => ChannelOptions.RequireRange(result, o.From, o.Count));
        fund.SetAction((parsed, cancellationToken) => Run(parsed, true, work => FundCommand.RunAsync(
            work, o.MembersOf(parsed, work, parsed.GetValue(o.WithFeeAccount) || work.Settings.FeeAccount is not null), parsed.GetValue(o.Min), parsed.GetValue(o.To), cancellationToken), cancellationToken));

        var verify = new Command("verify", "Checks every listed and every existing account: it exists, the secret gives it, it can spend the fees of FEES payouts, nobody else can sign for it, it could be merged, it is listed. One row for each problem; exit code 1 when there is one.")
        {
            o.From, o.Count, o.Fees, o.Builder,
        };
        verify.Validators.Add(result => ChannelOptions.RequireRange(result, o.From, o.Count));
        verify.SetAction((parsed, cancellationToken) => Run(parsed, false, work => VerifyCommand.RunAsync(
            work, parsed.GetResult(o.Count) is { Implicit: false } ? o.MembersOf(parsed, work, feeAccount: false) : null, parsed.GetValue(o.Fees), parsed.GetValue(o.Builder), cancellationToken), cancellationToken));

        var list = new Command("list", "Shows the accounts that exist or are listed. With --setting only the value of PAYOUT_CHANNEL_ACCOUNTS for those that exist: write it to a file and name that in PAYOUT_CHANNEL_ACCOUNTS_FILE.")
        {
            o.From, o.Count, o.WithFeeAccount, o.AsSetting, o.Builder,
        };
        list.Validators.Add(result => ChannelOptions.RequireRange(result, o.From, o.Count));
        list.SetAction((parsed, cancellationToken) => Run(parsed, false, work => ListCommand.RunAsync(
            work, o.MembersOf(parsed, work, parsed.GetValue(o.WithFeeAccount)), parsed.GetValue(o.AsSetting), parsed.GetValue(o.Builder), cancellationToken), cancellationToken));

        var retire = new Command("retire", "Tells payout-builder to lease the channels no more, waits until nothing of them is open, and merges their accounts into the funder. What payout-builder does not call drained is not merged.")
        {
            o.Accounts, o.Numbers, o.Last, o.Builder, o.Offline, o.ConfirmUnused, o.Wait, o.By, o.Reason, o.MaxFee,
        };
        retire.Validators.Add(o.RequireChosen);
        retire.Validators.Add(o.RequireWitness);
        retire.SetAction((parsed, cancellationToken) => Run(parsed, true, async work =>
            await RetireCommand.RunAsync(work, await o.ChosenAsync(parsed, work, cancellationToken), o.RetireOptionsOf(parsed, work), cancellationToken), cancellationToken));

        var keep = new Command("keep", "Takes a retirement back: payout-builder leases the channels again, from the numbers that the ledger shows.")
        {
            o.Accounts, o.Numbers, o.Last, o.BuilderRequired, o.By, o.Reason,
        };
        keep.Validators.Add(o.RequireChosen);
        keep.SetAction((parsed, cancellationToken) => Run(parsed, false, async work => await KeepCommand.RunAsync(
            work, await o.ChosenAsync(parsed, work, cancellationToken), o.RetireOptionsOf(parsed, work) with { Builder = parsed.GetValue(o.BuilderRequired) }, cancellationToken), cancellationToken));

        foreach (var command in new[] { create, fund, verify, list, retire, keep })
            root.Subcommands.Add(command);
        return root;
    }

    private static async Task<int> Guard(Terminal terminal, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (SettingsException wrong)
        {
            foreach (var problem in wrong.Problems)
                await terminal.Error.WriteLineAsync(problem);
            return ExitCodes.Usage;
        }
        catch (CommandException stopped)
        {
            await terminal.Error.WriteLineAsync(stopped.Message);
            return stopped.ExitCode;
        }
        catch (SorobanRpcException silent)
        {
            await terminal.Error.WriteLineAsync($"the network does not answer: {silent.Message}; run the same command again");
            return ExitCodes.Unfinished;
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("interrupted; what was sent may still be applied: run the same command again, it does the rest");
            return ExitCodes.Interrupted;
        }
    }
}
