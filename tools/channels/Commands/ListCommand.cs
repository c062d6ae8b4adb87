using System.Globalization;
using Payouts.Channels.Builder;
using Payouts.Channels.Ledger;
using Payouts.Stellar;

namespace Payouts.Channels.Commands;

/// <summary>Shows the accounts that exist or are listed, or writes the setting that lists those that exist.</summary>
internal static class ListCommand
{
    public static async Task<int> RunAsync(Work work, IReadOnlyList<PoolMember> members, bool asSetting, Uri? builderAddress, CancellationToken cancellationToken)
    {
        var reserve = await AccountReader.ReadBaseReserveAsync(work.Rpc, cancellationToken);
        var there = await AccountReader.ReadAsync(work.Rpc, members.Select(x => x.Account), cancellationToken);
        if (asSetting)
            return Setting(work, members.Where(x => x.Number < ChannelKeys.ChannelsMax && there.Find(x.Account) is not null));
        IReadOnlyDictionary<AccountId, BuilderChannel>? leased = null;
        if (builderAddress is not null)
        {
            using var builder = work.BuilderAt(builderAddress);
            leased = await builder.ListAsync(cancellationToken);
        }

        var listed = work.Settings.Listed.ToHashSet();
        var rows = members.Where(x => there.Find(x.Account) is not null || listed.Contains(x.Account)).Select(x => (Member: x, Entry: there.Find(x.Account))).ToList();
        if (work.Json)
            work.Terminal.Json(new
            {
                ledger = there.Ledger,
                accounts = rows.Select(x => new
                {
                    x.Member.Number, account = x.Member.Account.ToString(), exists = x.Entry is not null, listed = listed.Contains(x.Member.Account),
                    spendable = x.Entry is null ? null : Reserves.Xlm(Reserves.Spendable(x.Entry, reserve)), sequence = x.Entry?.SeqNum,
                    state = leased?.GetValueOrDefault(x.Member.Account)?.State, openSlots = leased?.GetValueOrDefault(x.Member.Account)?.OpenSlots,
                }),
            });
        else
            work.Terminal.Table(
                ["number", "account", "spendable XLM", "sequence", "listed", .. leased is null ? Array.Empty<string>() : ["state", "open slots"]],
                [.. rows.Select(x => Row(x.Member, x.Entry is null ? "does not exist" : Reserves.Xlm(Reserves.Spendable(x.Entry, reserve)), x.Entry?.SeqNum, listed, leased))]);
        return ExitCodes.Done;
    }

    private static IReadOnlyList<string> Row(PoolMember member, string spendable, long? sequence, HashSet<AccountId> listed, IReadOnlyDictionary<AccountId, BuilderChannel>? leased)
    {
        var channel = leased?.GetValueOrDefault(member.Account);
        return
        [
            Text(member.Number), member.Account.ToString(), spendable, sequence is { } number ? Text(number) : "", listed.Contains(member.Account) ? "yes" : "no",
            .. leased is null ? Array.Empty<string>() : [channel?.State ?? "unknown", channel is null ? "" : Text(channel.OpenSlots)],
        ];
    }

    private static int Setting(Work work, IEnumerable<PoolMember> existing)
    {
        var accounts = existing.Select(x => x.Account.ToString()).ToList();
        if (accounts.Count == 0)
            throw new CommandException(ExitCodes.Wrong, "none of these accounts exists; create them first");
        if (work.Json)
            work.Terminal.Json(new { channelAccounts = accounts });
        else
            work.Terminal.Output.WriteLine(string.Join(',', accounts));
        return ExitCodes.Done;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
