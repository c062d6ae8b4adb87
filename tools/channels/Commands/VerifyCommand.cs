using System.Globalization;
using Payouts.Channels.Builder;
using Payouts.Channels.Ledger;
using Payouts.Hosting.Configuration;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Channels.Commands;

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Number">The key's number; null: the secret does not give this account.</param>
/// <param name="Account">G...</param>
/// <param name="Problem">A word for it.</param>
/// <param name="Detail">What it means and what to do.</param>
internal sealed record PoolProblem(uint? Number, string Account, string Problem, string Detail);

/// <summary>Compares the accounts on the ledger with the secret, the settings and, when asked, payout-builder's table.</summary>
internal static class VerifyCommand
{
    public static async Task<int> RunAsync(Work work, IReadOnlyList<PoolMember>? expected, long fees, Uri? builderAddress, CancellationToken cancellationToken)
    {
        var reserve = await AccountReader.ReadBaseReserveAsync(work.Rpc, cancellationToken);
        var listed = work.Settings.Listed.ToHashSet();
        var foreign = listed.Where(x => work.Keys.Find(x) is not { Number: < ChannelKeys.ChannelsMax }).ToList();
        var there = await AccountReader.ReadAsync(work.Rpc, work.Keys.Channels.Append(work.Keys.FeeAccount).Select(x => x.Account), cancellationToken);
        var channels = work.Keys.Channels.Where(x => expected?.Contains(x) == true || listed.Contains(x.Account) || (expected is null && there.Find(x.Account) is not null)).ToList();
        var rules = new AccountRules(there.Ledger, reserve, checked(fees * work.Settings.PayoutFeeMaxStroops), fees);
        var problems = foreign.Select(x => new PoolProblem(null, x.ToString(), "NotDerived",
            $"{SettingNames.ChannelAccounts} lists it, but it is none of the channels of {SettingNames.ChannelSecret}: payout-signer will not start")).ToList();
        foreach (var channel in channels)
        {
            problems.AddRange(rules.Judge(channel, there.Find(channel.Account)));
            if (!listed.Contains(channel.Account) && there.Find(channel.Account) is not null)
                problems.Add(new PoolProblem(channel.Number, channel.Account.ToString(), "NotListed", $"it exists, but {SettingNames.ChannelAccounts} does not list it: nobody uses it"));
        }

        problems.AddRange(JudgeFeeAccount(work, rules, there));
        if (builderAddress is not null)
        {
            using var builder = work.BuilderAt(builderAddress);
            problems.AddRange(Compare(work, listed, await builder.ListAsync(cancellationToken)));
        }

        Answer(work, channels.Count + foreign.Count + (work.Settings.FeeAccount is null ? 0 : 1), listed.Count, there.Ledger, problems);
        return problems.Count == 0 ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private static IEnumerable<PoolProblem> JudgeFeeAccount(Work work, AccountRules rules, AccountsAtLedger there) => work.Settings.FeeAccount is not { } account ? []
        : account != work.Keys.FeeAccount.Account
            ? [new PoolProblem(null, account.ToString(), "NotDerived", $"{SettingNames.FeeAccount} is not key number {ChannelKeys.FeeKeyNumber} of {SettingNames.ChannelSecret}, which is {work.Keys.FeeAccount.Account}")]
            : rules.Judge(work.Keys.FeeAccount, there.Find(account));

    private static IEnumerable<PoolProblem> Compare(Work work, HashSet<AccountId> listed, IReadOnlyDictionary<AccountId, BuilderChannel> leased)
    {
        foreach (var account in listed.Where(x => !leased.ContainsKey(x)))
            yield return new PoolProblem(work.Keys.Find(account)?.Number, account.ToString(), "NotInUse", "payout-builder does not know it: its settings differ from these");
        foreach (var (account, channel) in leased.Where(x => x.Value is { State: "Removed", OpenSlots: > 0 }))
            yield return new PoolProblem(work.Keys.Find(account)?.Number, account.ToString(), "RemovedTooEarly", string.Create(CultureInfo.InvariantCulture,
                $"payout-builder has {channel.OpenSlots} open slots on it although its settings list it no more; list it again and retire it"));
    }

    private static void Answer(Work work, int judged, int listed, uint ledger, List<PoolProblem> problems)
    {
        var wrong = problems.Select(x => x.Account).Distinct().Count();
        if (work.Json)
        {
            work.Terminal.Json(new { ledger, accounts = judged, inOrder = judged - wrong, listed, problems });
            return;
        }

        work.Terminal.Table(["number", "account", "problem", "what it means"],
            [.. problems.Select(x => (IReadOnlyList<string>)[x.Number?.ToString(CultureInfo.InvariantCulture) ?? "-", x.Account, x.Problem, x.Detail])]);
        work.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{judged} accounts at ledger {ledger}: {judged - wrong} in order, {wrong} with problems; {listed} are listed"));
    }
}

/// <summary>What an account of the pool must be like. Pure.</summary>
/// <param name="Ledger">The ledger that shows it.</param>
/// <param name="BaseReserve">Stroops that each entry reserves.</param>
/// <param name="SpendableMin">Stroops that it must be able to spend.</param>
/// <param name="Fees">How many payouts those are enough for.</param>
internal sealed record AccountRules(uint Ledger, long BaseReserve, long SpendableMin, long Fees)
{
    /// <summary>AUTH_IMMUTABLE_FLAG of an account's flags (stellar-core, Stellar-ledger-entries.x).</summary>
    public const uint AuthImmutable = 4;

    private const int SequenceBits = 32;

    public IEnumerable<PoolProblem> Judge(PoolMember member, AccountEntry? entry)
    {
        if (entry is null)
            return [Problem("Missing", "it does not exist on the ledger; create it")];
        return [.. Balance(), .. Weights(), .. Shape()];

        PoolProblem Problem(string word, string detail) => new(member.Number, member.Account.ToString(), word, detail);

        IEnumerable<PoolProblem> Balance()
        {
            var spendable = Reserves.Spendable(entry, BaseReserve);
            if (spendable < SpendableMin)
                yield return Problem("Poor", string.Create(CultureInfo.InvariantCulture, $"it can spend {Reserves.Xlm(spendable)} XLM; the fees of {Fees} payouts may take {Reserves.Xlm(SpendableMin)}; fund it"));
        }

        // One signature of the master key must do everything that payouts and a retirement need.
        IEnumerable<PoolProblem> Weights()
        {
            var weights = entry.Thresholds.Value.Span.ToArray();
            if (weights[0] == 0)
                yield return Problem("MasterKeyOff", "its own key has no weight: nothing that payout-signer signs for it is valid");
            else if (weights[1..].Max() > weights[0])
                yield return Problem("ThresholdTooHigh", string.Create(CultureInfo.InvariantCulture, $"its thresholds are {weights[1]}, {weights[2]} and {weights[3]}, its own key weighs {weights[0]}: one signature is not enough"));
            if (entry.Signers.Count > 0)
                yield return Problem("ForeignSigner", string.Create(CultureInfo.InvariantCulture, $"{entry.Signers.Count} other keys may sign for it; find out whose before it is used again"));
        }

        IEnumerable<PoolProblem> Shape()
        {
            if (entry.NumSubEntries > entry.Signers.Count)
                yield return Problem("OwnsEntries", string.Create(CultureInfo.InvariantCulture, $"it owns {entry.NumSubEntries - entry.Signers.Count} trustlines, offers or data entries: they cost reserve and it cannot be merged"));
            if (Reserves.Sponsoring(entry) is > 0 and var sponsoring)
                yield return Problem("Sponsors", string.Create(CultureInfo.InvariantCulture, $"it pays the reserve of {sponsoring} entries of others: it cannot be merged"));
            if ((entry.Flags & AuthImmutable) != 0)
                yield return Problem("Immutable", "its flags say that it can never be merged");
            if (entry.SeqNum >= ((long)Ledger + 1) << SequenceBits)
                yield return Problem("SequenceTooFar", string.Create(CultureInfo.InvariantCulture, $"its sequence number {entry.SeqNum} is above those of new accounts: it cannot be merged before ledger {(entry.SeqNum >> SequenceBits) + 1}"));
        }
    }
}
