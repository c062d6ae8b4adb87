using System.Globalization;
using Payouts.Channels.Ledger;
using Payouts.Stellar;

namespace Payouts.Channels.Commands;

/// <summary>Creates the accounts of a range of numbers that do not exist yet. Run again after anything, it does the rest.</summary>
internal static class CreateCommand
{
    public static async Task<int> RunAsync(Work work, IReadOnlyList<PoolMember> members, long balanceStroops, CancellationToken cancellationToken)
    {
        var reserve = await AccountReader.ReadBaseReserveAsync(work.Rpc, cancellationToken);
        if (balanceStroops < 2 * reserve)
            throw new CommandException(ExitCodes.Usage, $"--balance is {Reserves.Xlm(balanceStroops)} XLM, but the network demands {Reserves.Xlm(2 * reserve)} of every account");
        var there = await AccountReader.ReadAsync(work.Rpc, members.Select(x => x.Account), cancellationToken);
        var missing = members.Where(x => there.Find(x.Account) is null).ToList();
        var progress = work.Terminal.Begin("creating accounts", members.Count, work.Time);
        var (created, transactions, fees) = (0, 0, 0L);
        progress.Report(members.Count - missing.Count);
        try
        {
            var done = members.Count - missing.Count;
            foreach (var chunk in missing.Chunk(TransactionBuilder.OperationsMax))
            {
                var result = await work.Funder.SettleAsync(
                    new Batch(chunk, (member, entry) => entry is null ? new CreateAccountOperation(member.Account, balanceStroops) : null, _ => balanceStroops), cancellationToken);
                (created, transactions, fees) = (created + result.Changed.Count, transactions + result.Transactions, fees + result.FeeStroops);
                progress.Report(done += chunk.Length);
            }
        }
        finally
        {
            progress.End();
        }

        Answer(work, members, created, balanceStroops, transactions, fees);
        return ExitCodes.Done;
    }

    private static void Answer(Work work, IReadOnlyList<PoolMember> members, int created, long balanceStroops, int transactions, long fees)
    {
        var setting = work.SettingWith(members);
        if (work.Json)
        {
            work.Terminal.Json(new { accounts = members.Count, created, existed = members.Count - created, balance = Reserves.Xlm(balanceStroops), transactions, fees = Reserves.Xlm(fees), channelAccounts = setting });
            return;
        }

        work.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{members.Count} accounts exist: {created} were created now with {Reserves.Xlm(balanceStroops)} XLM each, in {transactions} transactions for {Reserves.Xlm(fees)} XLM of fees"));
        work.Terminal.Output.WriteLine($"PAYOUT_CHANNEL_ACCOUNTS={setting}");
    }
}
