using System.Threading.Channels;
using Payouts.Hosting.Database;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// Lets many callers share one database transaction: what waits while a transaction runs goes into the next one together.
/// Each caller still gets its own outcome: when a group fails for a reason that is not the database's, every member is tried
/// again alone, so a poison message stops nobody else.
/// </summary>
/// <typeparam name="TDb">The service's database.</typeparam>
/// <typeparam name="TItem">One caller's work.</typeparam>
public sealed class GroupCommit<TDb, TItem> : IAsyncDisposable
    where TDb : ServiceDbContext
{
    /// <summary>Works on a group inside its transaction.</summary>
    public delegate Task GroupHandler(IReadOnlyList<TItem> items, UnitOfWork<TDb> unit, CancellationToken cancellationToken);

    private readonly UnitOfWorkFactory<TDb> _units;
    private readonly GroupHandler _handle;
    private readonly int _groupSizeMax;
    private readonly Channel<Waiting> _waiting;
    private readonly Task[] _workers;
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Starts <paramref name="workers"/> loops (one is right for SQLite), each taking groups of at most <paramref name="groupSizeMax"/>.</summary>
    public GroupCommit(UnitOfWorkFactory<TDb> units, GroupHandler handle, int groupSizeMax = 100, int workers = 1, int waitingMax = 10_000)
    {
        (_units, _handle, _groupSizeMax) = (units, handle, groupSizeMax);
        _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(waitingMax) { SingleReader = workers == 1 });
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Returns when the transaction that holds the item has committed; throws what the item caused.</summary>
    public async Task RunAsync(TItem item, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(item, cancellationToken);
        await _waiting.Writer.WriteAsync(waiting, cancellationToken);
        await _units.Gate.QueuedAsync();
        await waiting.Outcome.Task;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await Task.WhenAll(_workers);
        while (_waiting.Reader.TryRead(out var left))
            left.Outcome.TrySetCanceled();
        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        var group = new List<Waiting>(_groupSizeMax);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stopping.Token))
            {
                await _units.Gate.GatherAsync();
                group.Clear();
                while (group.Count < _groupSizeMax && _waiting.Reader.TryRead(out var next))
                {
                    if (next.Cancellation.IsCancellationRequested)
                        next.Outcome.TrySetCanceled(next.Cancellation);
                    else
                        group.Add(next);
                }

                if (group.Count > 0)
                    await ResolveAsync(group);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The service stops: whoever still waits is told in DisposeAsync and its message goes back to the queue.
        }
    }

    private async Task ResolveAsync(List<Waiting> group)
    {
        try
        {
            await CommitAsync(group);
        }
        catch (Exception failure) when (group.Count == 1 || _stopping.IsCancellationRequested || _units.Dialect.IsTransient(failure))
        {
            foreach (var member in group)
                member.Outcome.TrySetException(failure);
            return;
        }
        catch (Exception)
        {
            // Somebody in this group is poison. The transaction is rolled back; alone, each gets its own outcome.
            foreach (var member in group)
                await ResolveAsync([member]);
            return;
        }

        foreach (var member in group)
            member.Outcome.TrySetResult();
    }

    private async Task CommitAsync(List<Waiting> group)
    {
        await using var unit = await _units.BeginAsync(_stopping.Token);
        await _handle(group.ConvertAll(member => member.Item), unit, _stopping.Token);
        await unit.CommitAsync(_stopping.Token);
    }

    private sealed record Waiting(TItem Item, CancellationToken Cancellation)
    {
        // Continuations run elsewhere: the loop must not execute its callers' code.
        public TaskCompletionSource Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
