using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Web;

/// <summary>
/// Which rounds a list shows, the newest first. The cursor names the last round that was shown by its place in that order, which never changes:
/// rounds that open meanwhile move no page.
/// </summary>
internal sealed record RoundFilter(RoundState? State, string? Context, DateTimeOffset? From, (DateTimeOffset OpenedAt, string Id)? After)
{
    /// <exception cref="DoorRefusedException">One of them cannot be read.</exception>
    public static RoundFilter Read(string? state, string? context, string? from, string? after)
    {
        RoundState? wanted = null;
        if (state is not null)
            wanted = Enum.TryParse<RoundState>(state, ignoreCase: true, out var read) && Enum.IsDefined(read) && !char.IsAsciiDigit(state[0])
                ? read
                : throw Wrong($"state: is one of {string.Join(", ", Enum.GetNames<RoundState>()).ToUpperInvariant()}");
        var checks = new FieldChecks();
        if (context is not null)
            checks.Symbol("context", context);
        if (checks.Problems.Count > 0)
            throw Wrong(checks.Problems[0].Text);
        DateTimeOffset? start = null;
        if (from is not null)
            start = DateTimeOffset.TryParse(from, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? time
                : throw Wrong("from: is no time such as 2026-12-01T10:00:00Z");
        return new RoundFilter(wanted, context, start, after is null ? null : Cursor(after));
    }

    public IQueryable<Round> In(IQueryable<Round> rounds)
    {
        if (State is { } state)
            rounds = rounds.Where(x => x.State == state);
        if (Context is { } context)
            rounds = rounds.Where(x => x.Context == context);
        if (From is { } from)
            rounds = rounds.Where(x => x.OpenedAt >= from);
        if (After is { } after)
        {
            var (time, id) = after;
            rounds = rounds.Where(x => x.OpenedAt < time || (x.OpenedAt == time && string.Compare(x.Id, id) > 0));
        }

        return rounds.OrderByDescending(x => x.OpenedAt).ThenBy(x => x.Id);
    }

    /// <summary>Where the next page begins.</summary>
    public static string CursorAfter(Round last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.OpenedAt.UtcTicks}|{last.Id}")));

    /// <summary>Text of a query that is compared in the database.</summary>
    /// <exception cref="DoorRefusedException">PostgreSQL cannot even compare it.</exception>
    public static string? Storable(string? text) => text is null || ForeignText.IsStorable(text) ? text : throw Wrong("after: holds a character that no cursor has");

    private static (DateTimeOffset OpenedAt, string Id) Cursor(string text)
    {
        Span<byte> bytes = stackalloc byte[1024];
        if (text.Length <= bytes.Length && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && Encoding.UTF8.GetString(bytes[..length]).Split('|', 2) is [var ticks, var id] && ForeignText.IsStorable(id)
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks)
            return (new DateTimeOffset(at, TimeSpan.Zero), id);
        throw Wrong("after: is no cursor; take \"next\" of the page before as it is");
    }

    private static DoorRefusedException Wrong(string text) => new(DoorCode.QueryInvalid, text);
}
