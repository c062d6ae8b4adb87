using System.Globalization;
using Payouts.Channels.Ledger;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Asset = Payouts.Stellar.Asset;

namespace Payouts.Channels.Commands;

/// <summary>Tops up accounts that can spend less than one amount, to another. Only what is missing is paid.</summary>
internal static class FundCommand
{
    public static async Task<int> RunAsync(Work work, IReadOnlyList<PoolMember> members, long minStroops, long toStroops, CancellationToken cancellationToken)
    {
        if (toStroops < minStroops)
            throw new CommandException(ExitCodes.Usage, $"--to is {Reserves.Xlm(toStroops)} XLM, below --min, which is {Reserves.Xlm(minStroops)}");
        var reserve = await AccountReader.ReadBaseReserveAsync(work.Rpc, cancellationToken);
        var there = await AccountReader.ReadAsync(work.Rpc, members.Select(x => x.Account), cancellationToken);
        var existing = members.Where(x => there.Find(x.Account) is not null).ToList();
        var poor = existing.Where(x => Missing(there.Find(x.Account)) > 0).ToList();
        var progress = work.Terminal.Begin("funding accounts", poor.Count, work.Time);
        var (funded, paid, transactions, fees, done) = (0, 0L, 0, 0L, 0);
        try
        {
            foreach (var chunk in poor.Chunk(TransactionBuilder.OperationsMax))
            {
                var last = new Dictionary<PoolMember, long>();
                var result = await work.Funder.SettleAsync(new Batch(chunk, Need, operation => ((PaymentOperation)operation).Amount), cancellationToken);
                funded += result.Changed.Count;
                paid += result.Changed.Sum(x => last[x]);
                (transactions, fees) = (transactions + result.Transactions, fees + result.FeeStroops);
                progress.Report(done += chunk.Length);

                Stellar.Operation? Need(PoolMember member, AccountEntry? entry)
                {
                    last[member] = Missing(entry);
                    return last[member] > 0 ? new PaymentOperation(member.Account, Asset.Native, last[member]) : null;
                }
            }
        }
        finally
        {
            progress.End();
        }

        if (work.Json)
            work.Terminal.Json(new { accounts = existing.Count, funded, paid = Reserves.Xlm(paid), transactions, fees = Reserves.Xlm(fees) });
        else
            work.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{existing.Count} accounts exist: {funded} got {Reserves.Xlm(paid)} XLM in all, in {transactions} transactions for {Reserves.Xlm(fees)} XLM of fees; each can spend at least {Reserves.Xlm(minStroops)} XLM"));
        return ExitCodes.Done;

        // An account that does not exist is not the business of this command: verify names it.
        long Missing(AccountEntry? entry) => entry is not null && Reserves.Spendable(entry, reserve) is var spendable && spendable < minStroops ? toStroops - spendable : 0;
    }
}
