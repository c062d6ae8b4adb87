using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Steps;

namespace Payouts.Hosting.Messaging;

/// <summary>Where a handler puts the messages that must go out if, and only if, its transaction commits.</summary>
public interface IOutbox
{
    /// <summary>Sends the contract after the commit.</summary>
    void Publish(object contract);
}

/// <summary>
/// One database transaction: inbox rows, the handlers' changes and outbox rows commit together or not at all.
/// Dispose without <see cref="CommitAsync"/> rolls everything back.
/// </summary>
public sealed class UnitOfWork<TDb> : IOutbox, IAsyncDisposable
    where TDb : ServiceDbContext
{
    private readonly ISqlDialect _dialect;
    private readonly IDbContextTransaction _transaction;
    private readonly Func<DateTimeOffset, Guid> _newMessageId;
    private readonly WakeSignal _relay;
    private readonly IPublishedListener<TDb>? _listener;
    private readonly List<OutboxMessage> _outgoing = [];
    private readonly List<Func<CancellationToken, Task>> _beforeCommit = [];
    private readonly List<Action> _afterCommit = [];
    private readonly Dictionary<Type, object> _parts = [];
    private UnitSteps _steps;
    private bool _changed;
    private bool _committed;

    internal UnitOfWork(TDb db, IDbContextTransaction transaction, ISqlDialect dialect, DateTimeOffset now, Func<DateTimeOffset, Guid> newMessageId, WakeSignal relay, UnitSteps steps, IPublishedListener<TDb>? listener)
    {
        (Db, _transaction, _dialect, Now, _newMessageId, _relay, _steps, _listener) = (db, transaction, dialect, now, newMessageId, relay, steps, listener);
    }

    /// <summary>The service's entities, tracked; saved once, at the commit.</summary>
    public TDb Db { get; }

    /// <summary>The one time of everything this transaction decides.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>What differs between the databases.</summary>
    public ISqlDialect Dialect => _dialect;

    /// <summary>The transaction, for set-based statements.</summary>
    public DbTransaction Transaction => _transaction.GetDbTransaction();

    /// <inheritdoc />
    public void Publish(object contract)
    {
        var type = contract.GetType();
        var message = new OutboxMessage(_newMessageId(Now), Wire.UrnOf(type), JsonSerializer.SerializeToUtf8Bytes(contract, type, ContractsJson.Options), Now);
        _outgoing.Add(message);
        _listener?.Published(this, message, contract);
    }

    /// <summary>A name for a new row: from the same source as the names of messages, so that one seed can name both.</summary>
    public Guid NewId() => _newMessageId(Now);

    /// <summary>Sends a message that was received or stored before, under its old id.</summary>
    public void Forward(OutboxMessage message) => _outgoing.Add(message);

    /// <summary>A collaborator that lives as long as this transaction, made at first use.</summary>
    public TPart Part<TPart>(Func<UnitOfWork<TDb>, TPart> create)
        where TPart : notnull
    {
        if (!_parts.TryGetValue(typeof(TPart), out var part))
            _parts[typeof(TPart)] = part = create(this);
        return (TPart)part;
    }

    /// <summary>Runs a set-based statement after the tracked changes were saved and before the commit.</summary>
    public void BeforeCommit(Func<CancellationToken, Task> statement) => _beforeCommit.Add(statement);

    /// <summary>Wakes what waits for this change, once it is durable.</summary>
    public void AfterCommit(Action wake) => _afterCommit.Add(wake);

    /// <summary>Records the messages as handled by <paramref name="consumer"/>; returns those that are not repeats.</summary>
    public async Task<HashSet<Guid>> AcceptAsync(string consumer, IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken)
    {
        var accepted = await _dialect.AcceptAsync(Transaction, consumer, messageIds, Now, cancellationToken);
        _changed |= accepted.Count > 0;
        return accepted;
    }

    /// <summary>Names the step points after those whose work this is, instead of the file that began it.</summary>
    internal void ActsFor(IReadOnlyList<string> workers) => _steps = _steps with { Workers = workers };

    /// <summary>A statement outside the tracked entities changed something: the step points of the commit are passed.</summary>
    internal void Changed() => _changed = true;

    /// <summary>Saves, stores the outgoing messages, commits, and wakes the relay.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        _changed |= await Db.SaveChangesAsync(cancellationToken) > 0 || _beforeCommit.Count > 0 || _outgoing.Count > 0;
        foreach (var statement in _beforeCommit)
            await statement(cancellationToken);
        if (_outgoing.Count > 0)
            await _dialect.StoreAsync(Transaction, _outgoing, cancellationToken);
        // A transaction that changed nothing is no step: a loop that finds nothing to do would pass its points for ever.
        if (_changed)
            _steps.Pass("before-commit");
        // A commit that was asked for is not cancelled: its outcome would be unknown.
        await _transaction.CommitAsync(CancellationToken.None);
        _committed = true;
        if (_changed)
            _steps.Pass("committed");
        if (_outgoing.Count > 0)
            _relay.Set();
        foreach (var wake in _afterCommit)
            wake();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_committed)
                await _transaction.DisposeAsync();
        }
        finally
        {
            await Db.DisposeAsync();
            _dialect.WriterGate?.Release();
        }
    }
}
