using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Doors;

/// <summary>What a list command asked for.</summary>
/// <param name="Rows">In the service's order.</param>
/// <param name="Next">Where the next page begins, for --after; null: there is none, or the service has no pages.</param>
internal sealed record Listing(IReadOnlyList<JsonNode> Rows, string? Next);

/// <summary>How a service pages through a list.</summary>
/// <param name="Endpoint">Which list.</param>
/// <param name="Cursor">The parameter that continues it; null: one page is all there is.</param>
/// <param name="PageMax">The most rows that the service gives at once.</param>
internal sealed record Paging(Endpoint Endpoint, string? Cursor, int PageMax)
{
    /// <summary>The member that holds the rows, beside "next"; null: the answer is the array itself, and the last row's <see cref="RowId"/> continues it.</summary>
    public string? Rows { get; init; }

    /// <summary>The member by which rows are ordered.</summary>
    public string RowId { get; init; } = "";
}

/// <summary>Follows the pages of a list.</summary>
internal static class Pages
{
    /// <summary>Up to <paramref name="limit"/> rows from <paramref name="after"/> on.</summary>
    /// <exception cref="CommandException">No answer, or a refusal.</exception>
    public static async Task<Listing> ReadAsync(ServiceDoors doors, Paging paging, IReadOnlyList<string> names, Query query, int limit, string? after, CancellationToken cancellationToken)
    {
        var rows = new List<JsonNode>();
        var next = after;
        do
        {
            var size = Math.Min(limit - rows.Count, paging.PageMax);
            var asked = query.With("limit", size);
            if (paging.Cursor is { } cursor)
                asked = asked.With(cursor, next);
            var answer = await doors.GetAsync(paging.Endpoint, names, asked, cancellationToken);
            var page = paging.Rows is { } member ? answer.List(member) : answer.Elements();
            rows.AddRange(page);
            var last = next;
            next = paging.Cursor is null || page.Count == 0 ? null
                : paging.Rows is not null ? (answer.At("next") is { } told ? told.ToString() : null)
                : page.Count == size ? page[^1].Raw(paging.RowId) : null;
            if (next is not null && next == last)
                throw new CommandException(ExitCodes.NoAnswer, $"{paging.Endpoint} gives the same page again and again");
        }
        while (next is not null && rows.Count < limit);
        return new Listing(rows, next);
    }
}
