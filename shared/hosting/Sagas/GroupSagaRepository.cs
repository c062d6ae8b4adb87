using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Sagas;

/// <summary>One event for one saga, applied inside the group's transaction.</summary>
internal sealed record SagaEvent<TDb>(Guid CorrelationId, Func<UnitOfWork<TDb>, Task> ApplyAsync)
    where TDb : ServiceDbContext;

/// <summary>Groups the events of all instances of a saga; one for the whole process.</summary>
internal sealed class SagaInbox<TDb, TSaga>(UnitOfWorkFactory<TDb> units) : IAsyncDisposable
    where TDb : ServiceDbContext
    where TSaga : class, ISaga
{
    private readonly Inbox<TDb, SagaEvent<TDb>> _inbox = new(units, typeof(TSaga).Name, async (events, unit, cancellationToken) =>
    {
        await SagaInstances<TDb, TSaga>.Of(unit).LockAsync(events.Select(x => x.CorrelationId), cancellationToken);
        foreach (var sagaEvent in events)
            await sagaEvent.ApplyAsync(unit);
    });

    public Task RunAsync(ConsumeContext context, SagaEvent<TDb> sagaEvent, string message) => _inbox.RunAsync(context, sagaEvent, message);

    public ValueTask DisposeAsync() => _inbox.DisposeAsync();
}

/// <summary>
/// Keeps sagas in EF Core, many events per transaction: inbox rows, saga rows and outbox rows of up to a hundred messages commit
/// together. It fills the place of MassTransit.EntityFrameworkCore, on the same extension points.
/// </summary>
internal sealed class GroupSagaRepository<TDb, TSaga>(SagaInbox<TDb, TSaga> inbox, IDbContextFactory<TDb> contexts)
    : ISagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TDb : ServiceDbContext
    where TSaga : class, ISaga
{
    /// <inheritdoc />
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class
    {
        var correlationId = context.CorrelationId
            ?? throw new RefusedMessageException("PayoutIdMissing", $"{typeof(T).Name} does not say which {typeof(TSaga).Name} it is about");
        return inbox.RunAsync(context, new SagaEvent<TDb>(correlationId, unit => next.Send(new SagaContext<T>(context, unit))), typeof(T).Name);
    }

    /// <inheritdoc />
    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class => throw new NotSupportedException($"{typeof(TSaga).Name} is correlated by id only: a query could not be locked in key order");

    /// <inheritdoc />
    public async Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken)
        where T : class
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await asyncMethod(new LoadContext(db, cancellationToken));
    }

    /// <inheritdoc />
    public void Probe(ProbeContext context) => context.Add("persistence", "entity framework, group commit");

    private sealed class SagaContext<T> : ConsumeContextScope<T>, SagaRepositoryContext<TSaga, T>
        where T : class
    {
        private readonly SagaInstances<TDb, TSaga> _instances;

        public SagaContext(ConsumeContext<T> context, UnitOfWork<TDb> unit)
            : base(context, unit)
        {
            _instances = SagaInstances<TDb, TSaga>.Of(unit);
            var endpoints = new CapturedEndpoints(unit);
            ReceiveContext = new CapturingReceiveContext(context.ReceiveContext, endpoints);
            PublishEndpointProvider = endpoints;
        }

        public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId) =>
            await _instances.FindAsync(correlationId, CancellationToken) is { } saga ? Consume(this, saga) : null!;

        public async Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance)
        {
            if (await _instances.FindAsync(instance.CorrelationId, CancellationToken) is not null)
                return null!;
            _instances.Add(instance);
            return Consume(this, instance);
        }

        public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) => Task.FromResult(Consume(this, instance));

        public Task Save(SagaConsumeContext<TSaga> context)
        {
            _instances.Add(context.Saga);
            return Task.CompletedTask;
        }

        // Tracked changes are saved once, when the group commits.
        public Task Update(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

        public Task Delete(SagaConsumeContext<TSaga> context) =>
            throw new NotSupportedException($"a {typeof(TSaga).Name} is kept for ever: it is the record of what was paid");

        public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

        public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

        public Task<SagaConsumeContext<TSaga, TOther>> CreateSagaConsumeContext<TOther>(ConsumeContext<TOther> context, TSaga instance, SagaConsumeContextMode mode)
            where TOther : class => Task.FromResult(Consume(context, instance));

        private static SagaConsumeContext<TSaga, TOther> Consume<TOther>(ConsumeContext<TOther> context, TSaga saga)
            where TOther : class => new DefaultSagaConsumeContext<TSaga, TOther>(context, saga);
    }

    private sealed class LoadContext(TDb db, CancellationToken cancellationToken)
        : MassTransit.Middleware.BasePipeContext(cancellationToken), LoadSagaRepositoryContext<TSaga>
    {
        public async Task<TSaga> Load(Guid correlationId) =>
            (await db.Set<TSaga>().AsNoTracking().SingleOrDefaultAsync(x => x.CorrelationId == correlationId, CancellationToken))!;
    }
}

/// <summary>Registers the repository under the name that MassTransit.EntityFrameworkCore users know.</summary>
public static class EntityFrameworkSagaRegistration
{
    /// <summary>Keeps the saga in <typeparamref name="TDb"/>.</summary>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga, TDb>(this ISagaRegistrationConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
        where TDb : ServiceDbContext =>
        configurator.Repository(repository =>
        {
            repository.AddSingleton<SagaInbox<TDb, TSaga>>();
            repository.RegisterSagaRepository<TSaga, TDb, SagaConsumeContextFactory<TDb, TSaga>, GroupSagaRepository<TDb, TSaga>>();
            repository.RegisterLoadSagaRepository<TSaga, GroupSagaRepository<TDb, TSaga>>();
        });
}
