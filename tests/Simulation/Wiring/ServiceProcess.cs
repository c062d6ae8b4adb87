using System.Reflection;
using MassTransit;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Hosting.Web;
using Payouts.Stellar.Rpc;
using Payouts.Submitter;

namespace Payouts.Tests.Simulation.Wiring;

/// <summary>
/// One life of a service, from its start to its death: the production module with the production consumers, inbox, sagas, outbox and
/// loops, on its database. Only its surroundings are the simulation's: broker, network, clock, and who names new rows.
/// </summary>
internal sealed class ServiceProcess
{
    private readonly OpenConnections _connections;
    private readonly Dictionary<string, ReceiveEndpointDispatcher> _queues = new(StringComparer.Ordinal);
    private readonly ServiceProvider _services;

    public ServiceProcess(IServiceModule module, Surroundings surroundings, TimeProvider clock, int replica)
    {
        Name = module.Name;
        Label = replica == 0 ? Name : $"{Name}, the second,";
        _connections = new OpenConnections(this, surroundings.Points);
        var services = new ServiceCollection();
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(surroundings.Log is null ? LogLevel.None : LogLevel.Information);
            if (surroundings.Log is { } log)
                logging.AddProvider(new LineLog(log));
        });
        services.AddSingleton(clock);
        services.AddSingleton<IStepPoints>(new StepPoints(this, surroundings.Points));
        services.AddSingleton<IGroupGate>(Gate = new GroupGate(surroundings.Points));
        services.AddSingleton(surroundings.Network(this, clock));
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(surroundings.Settings).Build());
        module.AddServices(services, settings);
        settings.ThrowIfWrong();
        services.AddPayoutsBus(new BrokerSettings((Uri?)null), module.AddConsumers);
        services.Replace(ServiceDescriptor.Singleton(RelayBus.For(this, surroundings.Broker, surroundings.Points, surroundings.Dice, surroundings.Tally)));
        OneAtATime(services);
        foreach (var context in services.Select(x => x.ServiceType).Where(x => IsClosed(x, typeof(DatabaseOf<>))).ToList())
            Call(nameof(OwnDatabase), context.GetGenericArguments()[0], services, surroundings);
        _services = services.BuildServiceProvider();
        Queues = [.. services.Select(x => x.ServiceType).Distinct().SelectMany(x => QueuesOf(x, surroundings.Broker))];
        Loops = [.. _services.GetServices<IHostedService>().OfType<BackgroundLoop>().Where(x => x is not MeasuringLoop).Select(x => ($"{Name}.{x.GetType().Name.Split('`')[0]}", x))];
    }

    public string Name { get; }

    /// <summary>Its name in the trace: the replicas of a service apart.</summary>
    public string Label { get; }

    /// <summary>Lets several messages share a transaction.</summary>
    public GroupGate Gate { get; }

    /// <summary>The point where it was told to die; its next effect never happens.</summary>
    public string? DiesAt { get; set; }

    /// <summary>True from the moment it was killed: whatever of it still runs must have no effect.</summary>
    public bool IsDead { get; set; }

    /// <summary>Everything it does beside its messages, as its module registered it.</summary>
    public IReadOnlyList<(string Name, BackgroundLoop Loop)> Loops { get; }

    /// <summary>The queues it consumes, as its module registered them.</summary>
    public IReadOnlyList<string> Queues { get; }

    /// <summary>Hands a message to its consumer, through the pipeline that a received message goes through.</summary>
    public Task DeliverAsync(string queue, QueuedMessage message) => _queues[queue].Dispatch(
        message.Body,
        new Dictionary<string, object>
        {
            [MessageHeaders.MessageId] = message.Id.ToString("D"),
            [MessageHeaders.MessageType] = message.Urn,
            [MessageHeaders.ContentType] = Wire.ContentType,
        },
        CancellationToken.None);

    /// <summary>A part of it, as its own HTTP doors use it.</summary>
    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>What the service's own start does first.</summary>
    public async Task MigrateAsync()
    {
        foreach (var check in _services.GetServices<IStartCheck>())
            await check.CheckAsync(CancellationToken.None);
    }

    /// <summary>All that was in memory is gone, and all that was not committed.</summary>
    public void Kill()
    {
        IsDead = true;
        _connections.CloseAll();
    }

    /// <summary>Ends well: nothing of it runs any more.</summary>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static bool IsClosed(Type type, Type generic) => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == generic;

    private object? Call(string method, Type argument, params object[] arguments) =>
        typeof(ServiceProcess).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(argument).Invoke(this, arguments);

    private void OwnDatabase<TDb>(IServiceCollection services, Surroundings surroundings)
        where TDb : ServiceDbContext
    {
        var settings = ((DatabaseOf<TDb>)services.Single(x => x.ServiceType == typeof(DatabaseOf<TDb>)).ImplementationInstance!).Settings;
        services.Replace(ServiceDescriptor.Singleton(new DatabaseOf<TDb>(settings, surroundings.Dice.Id)));
        services.ConfigureDbContext<TDb>(options => options.AddInterceptors(new TransactionPoints(this, surroundings.Points), _connections));
    }

    /// <summary>What may run side by side within one step runs one after the other: the order of effects is then the seed's.</summary>
    private static void OneAtATime(IServiceCollection services)
    {
        if (services.FirstOrDefault(x => x.ServiceType == typeof(SubmitterOptions))?.ImplementationInstance is SubmitterOptions options)
            services.Replace(ServiceDescriptor.Singleton(options with { SendBatchMax = 1, SendsAtOnceMax = 1, QuestionsAtOnceMax = 1 }));
    }

    private IEnumerable<string> QueuesOf(Type service, Broker broker)
    {
        var isConsumer = IsClosed(service, typeof(IConsumerDefinition<>));
        if (!isConsumer && !IsClosed(service, typeof(ISagaDefinition<>)))
            yield break;
        var handler = service.GetGenericArguments()[0];
        var formatter = KebabCaseEndpointNameFormatter.Instance;
        var definition = _services.GetRequiredService(service);
        var queue = isConsumer ? ((IConsumerDefinition)definition).GetEndpointName(formatter) : ((ISagaDefinition)definition).GetEndpointName(formatter);
        var endpoint = _services.GetRequiredService<IBusInstance>().HostConfiguration.CreateReceiveEndpointConfiguration(queue, configurator =>
        {
            var registration = _services.GetRequiredService<IBusRegistrationContext>();
            if (isConsumer)
                configurator.ConfigureConsumer(registration, handler);
            else
                configurator.ConfigureSaga(registration, handler);
        });
        _queues.Add(queue, new ReceiveEndpointDispatcher(endpoint.CreateReceiveEndpointContext()));
        foreach (var contract in isConsumer ? Consumed(handler) : Correlated(handler))
            broker.Bind(Wire.UrnOf(contract), queue);
        yield return queue;
    }

    private static IEnumerable<Type> Consumed(Type consumer) =>
        consumer.GetInterfaces().Where(x => IsClosed(x, typeof(IConsumer<>))).Select(x => x.GetGenericArguments()[0]);

    /// <summary>The contracts among a state machine's events; the others are raised inside its own service.</summary>
    private IEnumerable<Type> Correlated(Type saga)
    {
        var machine = (StateMachine)_services.GetRequiredService(typeof(SagaStateMachine<>).MakeGenericType(saga));
        return machine.Events.SelectMany(x => x.GetType().GetInterfaces()).Where(x => IsClosed(x, typeof(Event<>)))
            .Select(x => x.GetGenericArguments()[0]).Where(x => x.Assembly == typeof(BuildPayout).Assembly).Distinct();
    }
}

/// <summary>What a process finds around it.</summary>
internal sealed record Surroundings
{
    public required IReadOnlyDictionary<string, string?> Settings { get; init; }

    public required Broker Broker { get; init; }

    public required Points Points { get; init; }

    /// <summary>Names rows and messages, and decides what the broker refuses.</summary>
    public required Chance.Dice Dice { get; init; }

    public required Chance.Tally Tally { get; init; }

    /// <summary>The service's client of the Soroban RPC.</summary>
    public required Func<ServiceProcess, TimeProvider, ISorobanRpcClient> Network { get; init; }

    /// <summary>Where the services' own log goes; null: nowhere.</summary>
    public Action<string>? Log { get; init; }
}

/// <summary>A service's log, for whoever looks into a failing seed.</summary>
internal sealed class LineLog(Action<string> line) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        line($"    {logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" {exception.GetType().Name}: {exception.Message}")}");

    public void Dispose()
    {
        // Nothing is held.
    }
}
