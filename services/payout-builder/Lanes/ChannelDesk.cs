using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Lanes;

/// <summary>What a caller asks for.</summary>
/// <param name="By">Who decides.</param>
/// <param name="Reason">Why.</param>
/// <param name="FromLedger">Of one taken back: a ledger that shows its account; numbers are leased only when the ledger was read there or later.</param>
public sealed record ChannelDecision(string? By, string? Reason, long? FromLedger = null);

/// <summary>How the desk answered. A closed set.</summary>
public abstract record ChannelAnswer
{
    private ChannelAnswer()
    {
    }

    /// <summary>It is so, now or since earlier.</summary>
    public sealed record Taken(Channel Channel) : ChannelAnswer;

    /// <summary>There is no such channel.</summary>
    public sealed record Unknown(string Detail) : ChannelAnswer;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Wrong(string Detail) : ChannelAnswer;

    /// <summary>Not this channel.</summary>
    public sealed record Refused(string Detail) : ChannelAnswer;
}

/// <summary>
/// Retires channels and takes them back. A row, not a setting: whoever leases has locked it, so from the commit on no replica gives out another of
/// its numbers, and what is drained once stays so.
/// </summary>
public sealed class ChannelDesk(UnitOfWorkFactory<BuilderDbContext> units, LaneSignal signal, ILogger<ChannelDesk> logger)
{
    private const int TextMax = 500;

    /// <summary>From now on it gets no new slot; the open ones end as ever.</summary>
    public Task<ChannelAnswer> RetireAsync(string account, ChannelDecision decision, CancellationToken cancellationToken) => units.RunAsync<ChannelAnswer>(async unit =>
    {
        if (Problem(decision) is { } problem)
            return new ChannelAnswer.Wrong(problem);
        // Every row, in the order of all who lock several: two requests could otherwise each leave the other's channel as the last one.
        var rows = await unit.LockAsync<BuilderDbContext, Channel>("select * from channels order by account", skipLocked: false, [], cancellationToken);
        if (rows.Find(x => x.Account == account) is not { } channel)
            return new ChannelAnswer.Unknown($"there is no channel {account}");
        if (channel.RetiringSince is not null)
            return new ChannelAnswer.Taken(channel);
        if (channel.Listed && !rows.Exists(x => x != channel && x is { Listed: true, RetiringSince: null }))
            return new ChannelAnswer.Refused($"{account} is the last channel in use: payouts would wait for ever; list others in PAYOUT_CHANNEL_ACCOUNTS first");
        (channel.RetiringSince, channel.RetiredBy, channel.RetiredReason) = (unit.Now, decision.By, decision.Reason);
        unit.AfterCommit(() => Log.ChannelRetires(logger, account, channel.OpenSlots));
        return new ChannelAnswer.Taken(channel);
    }, cancellationToken);

    /// <summary>It is leased again. A drained one may be a new account by now: its number is read from the ledger first.</summary>
    public Task<ChannelAnswer> KeepAsync(string account, ChannelDecision decision, CancellationToken cancellationToken) => units.RunAsync<ChannelAnswer>(async unit =>
    {
        if (Problem(decision) is { } problem)
            return new ChannelAnswer.Wrong(problem);
        var rows = await unit.LockAsync<BuilderDbContext, Channel>("select * from channels where account = {0}", skipLocked: false, [account], cancellationToken);
        if (rows.SingleOrDefault() is not { } channel)
            return new ChannelAnswer.Unknown($"there is no channel {account}");
        if (channel.RetiringSince is null)
            return new ChannelAnswer.Taken(channel);
        if (channel.IsDrained)
            channel.ReadFromLedger = decision.FromLedger ?? 0;
        (channel.RetiringSince, channel.RetiredBy, channel.RetiredReason) = (null, null, null);
        unit.AfterCommit(() => Log.ChannelKept(logger, account));
        unit.AfterCommit(signal.Set);
        return new ChannelAnswer.Taken(channel);
    }, cancellationToken);

    private static string? Problem(ChannelDecision decision) => decision switch
    {
        { By: null or "" or { Length: > TextMax } } => $"\"by\" says who decides, in 1 to {TextMax} characters",
        { Reason: null or "" or { Length: > TextMax } } => $"\"reason\" says why, in 1 to {TextMax} characters",
        { FromLedger: < 0 } => "\"fromLedger\" is the number of a ledger",
        _ => null,
    };
}
