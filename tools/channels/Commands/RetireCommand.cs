using System.Globalization;
using Payouts.Channels.Builder;
using Payouts.Channels.Ledger;
using Payouts.Hosting.Configuration;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Channels.Commands;

/// <summary>How it is known that nobody uses an account.</summary>
/// <param name="Builder">payout-builder says so; null: the one who gave the command does.</param>
/// <param name="Wait">How long a channel may take to drain.</param>
/// <param name="By">Who decides; null: whoever payout-builder knows by the key.</param>
/// <param name="Reason">Why.</param>
internal sealed record RetireOptions(Uri? Builder, TimeSpan Wait, string? By, string Reason);

/// <summary>
/// Merges accounts into the funder: those that payout-builder says are drained. It is told first to give them no new slot, and waited for. What is
/// not drained in time stays as it is, and retires on.
/// </summary>
internal static class RetireCommand
{
    /// <summary>Merges in one transaction: each needs its own signature beside the funder's.</summary>
    public const int MergesMax = Stellar.Transaction.SignaturesMax - 1;

    public static async Task<int> RunAsync(Work work, IReadOnlyList<PoolMember> members, RetireOptions options, CancellationToken cancellationToken)
    {
        var there = await AccountReader.ReadAsync(work.Rpc, members.Select(x => x.Account), cancellationToken);
        var reserve = await AccountReader.ReadBaseReserveAsync(work.Rpc, cancellationToken);
        var gone = members.Where(x => there.Find(x.Account) is null).ToList();
        var rules = new AccountRules(there.Ledger, reserve, 0, 0);
        // An account that the ledger would not merge is left in use; other signers go with it, and are no hindrance.
        var problems = members.Except(gone).SelectMany(x => rules.Judge(x, there.Find(x.Account)).Where(problem => problem.Problem != "ForeignSigner")).ToList();
        var candidates = members.Except(gone).Where(x => problems.TrueForAll(problem => problem.Number != x.Number)).ToList();
        List<PoolMember> ready;
        if (options.Builder is null)
        {
            var listed = work.Settings.Listed.ToHashSet();
            ready = candidates.FindAll(x => !listed.Contains(x.Account));
            problems.AddRange(candidates.Where(x => listed.Contains(x.Account)).Select(x => new PoolProblem(x.Number, x.Account.ToString(), "Listed",
                $"{SettingNames.ChannelAccounts} lists it, so payouts may use it; retire it with --builder")));
        }
        else
        {
            using var builder = work.BuilderAt(options.Builder);
            ready = await DrainAsync(work, builder, candidates, options, problems, cancellationToken);
        }

        var (merged, transactions, fees) = await MergeAsync(work, ready, cancellationToken);
        Answer(work, gone, merged, there, transactions, fees, problems);
        return problems.Count == 0 ? ExitCodes.Done : ExitCodes.Wrong;
    }

    /// <summary>Those that have nothing open and get nothing new.</summary>
    private static async Task<List<PoolMember>> DrainAsync(
        Work work, BuilderClient builder, List<PoolMember> candidates, RetireOptions options, List<PoolProblem> problems, CancellationToken cancellationToken)
    {
        var known = await builder.ListAsync(cancellationToken);
        problems.AddRange(candidates.Where(x => !known.ContainsKey(x.Account)).Select(x => new PoolProblem(x.Number, x.Account.ToString(), "NotInUse",
            "payout-builder does not know it, so it cannot say that nobody uses it; see --offline")));
        var asked = candidates.FindAll(x => known.ContainsKey(x.Account));
        foreach (var member in asked.Where(x => known[x.Account].State is not ("Retiring" or "Drained")))
            await builder.RetireAsync(member.Account, options.By, options.Reason, cancellationToken);
        var progress = work.Terminal.Begin("draining channels", asked.Count, work.Time);
        var began = work.Time.GetTimestamp();
        try
        {
            while (true)
            {
                known = await builder.ListAsync(cancellationToken);
                var drained = asked.FindAll(x => known.GetValueOrDefault(x.Account) is { IsDrained: true });
                var open = asked.Sum(x => known.GetValueOrDefault(x.Account)?.OpenSlots ?? 0);
                progress.Report(drained.Count, string.Create(CultureInfo.InvariantCulture, $"{open} open slots"));
                if (drained.Count == asked.Count)
                    return drained;
                if (work.Time.GetElapsedTime(began) >= options.Wait)
                {
                    problems.AddRange(asked.Except(drained).Select(x => new PoolProblem(x.Number, x.Account.ToString(), "NotDrained", string.Create(CultureInfo.InvariantCulture,
                        $"{known.GetValueOrDefault(x.Account)?.OpenSlots ?? 0} slots are still open; it gets no new one, run the command again when they have ended"))));
                    return drained;
                }

                await Task.Delay(work.Settings.PollInterval, work.Time, cancellationToken);
            }
        }
        finally
        {
            progress.End();
        }
    }

    private static async Task<(IReadOnlyList<PoolMember> Merged, int Transactions, long Fees)> MergeAsync(Work work, List<PoolMember> ready, CancellationToken cancellationToken)
    {
        var progress = work.Terminal.Begin("merging accounts", ready.Count, work.Time);
        var (merged, transactions, fees, done) = (new List<PoolMember>(), 0, 0L, 0);
        try
        {
            foreach (var chunk in ready.Chunk(MergesMax))
            {
                var result = await work.Funder.SettleAsync(
                    new Batch(chunk, (member, entry) => entry is null ? null : new AccountMergeOperation(work.Funder.Account) { Source = member.Account }, _ => 0, work.Keys.KeyOf), cancellationToken);
                merged.AddRange(result.Changed);
                (transactions, fees) = (transactions + result.Transactions, fees + result.FeeStroops);
                progress.Report(done += chunk.Length);
            }
        }
        finally
        {
            progress.End();
        }

        return (merged, transactions, fees);
    }

    private static void Answer(
        Work work, List<PoolMember> gone, IReadOnlyList<PoolMember> merged, AccountsAtLedger there, int transactions, long fees, List<PoolProblem> problems)
    {
        var returned = merged.Sum(x => there.Find(x.Account)!.Balance);
        if (work.Json)
        {
            work.Terminal.Json(new { merged = merged.Count, gone = gone.Count, returned = Reserves.Xlm(returned), transactions, fees = Reserves.Xlm(fees), problems });
            return;
        }

        work.Terminal.Table(["number", "account", "problem", "what it means"],
            [.. problems.Select(x => (IReadOnlyList<string>)[x.Number?.ToString(CultureInfo.InvariantCulture) ?? "-", x.Account, x.Problem, x.Detail])]);
        work.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{merged.Count} accounts were merged now into {work.Funder.Account}, {gone.Count} were gone before: {Reserves.Xlm(returned)} XLM came back, in {transactions} transactions for {Reserves.Xlm(fees)} XLM of fees"));
        if (merged.Concat(gone).Select(x => x.Account).Intersect(work.Settings.Listed).Any())
            work.Terminal.Output.WriteLine($"now remove them from {SettingNames.ChannelAccounts} of payout-builder and payout-signer");
    }
}

/// <summary>Takes a retirement back: payout-builder leases the channels again.</summary>
internal static class KeepCommand
{
    public static async Task<int> RunAsync(Work work, IReadOnlyList<PoolMember> members, RetireOptions options, CancellationToken cancellationToken)
    {
        var there = await AccountReader.ReadAsync(work.Rpc, members.Select(x => x.Account), cancellationToken);
        if (members.FirstOrDefault(x => there.Find(x.Account) is null) is { } missing)
            throw new CommandException(ExitCodes.Wrong, string.Create(CultureInfo.InvariantCulture, $"number {missing.Number}, {missing.Account}, does not exist on the ledger; create it first"));
        using var builder = work.BuilderAt(options.Builder!);
        foreach (var member in members)
            await builder.KeepAsync(member.Account, options.By, options.Reason, there.Ledger, cancellationToken);
        if (work.Json)
            work.Terminal.Json(new { kept = members.Select(x => x.Account.ToString()) });
        else
            work.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{members.Count} channels are in use again as soon as payout-builder has read their numbers"));
        return ExitCodes.Done;
    }
}
