using System.CommandLine;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Commands;

/// <summary>channels: the accounts whose numbers payouts use, as they are leased now. ./run.sh channels makes and retires them.</summary>
internal static class ChannelCommands
{
    private static readonly Paging Paging = new(Endpoints.Channels, "after", 1000) { RowId = "account" };

    private static readonly Column[] Columns =
    [
        Column.Text("account", "account"), Column.State("state", "state"), Column.Number("open slots", "openSlots"), Column.Number("next sequence", "nextSequence"), Column.Text("listed", "listed"),
        Column.Time("last used", "lastUsedAt"), Column.Time("rests until", "restsUntil"), Column.Time("retiring since", "retiringSince"), Column.Text("retired by", "retiredBy"),
    ];

    public static Command Build(CommandFactory make) => CommandFactory.Group("channels", "Channel accounts as payout-builder leases them", make.Leaf("list", "Channel accounts by account.", [Endpoints.Channels], ["channels list", "channels list --limit 1000 --json"],
        [make.Shared.Limit, make.Shared.After], async (session, parsed, cancellationToken) =>
            session.List("channels", await Pages.ReadAsync(session.Doors, Paging, [], new Query(), parsed.GetValue(make.Shared.Limit), parsed.GetValue(make.Shared.After), cancellationToken), Columns, "account")));
}
