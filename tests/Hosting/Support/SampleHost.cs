using System.Text;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Hosting.Web;
using Payouts.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Hosting.Tests.Support;

/// <summary>The sample service in this process, wired and started exactly as every service is.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private SampleHost(WebApplication app) => App = app;

    public WebApplication App { get; }

    public Behaviour Behaviour => Get<Behaviour>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SampleHost> StartAsync(string databaseUrl, string broker, bool consumes = true, IStepPoints? points = null)
    {
        var host = Build(databaseUrl, broker, consumes, points);
        await ServiceHost.StartAsync(host.App, Cancelled);
        return host;
    }

    public static SampleHost Build(string databaseUrl, string broker, bool consumes = true, IStepPoints? points = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["DATABASE_URL"] = databaseUrl, ["RABBITMQ_URL"] = broker, ["STELLAR_NETWORK_PASSPHRASE"] = "Standalone Network ; February 2017" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (points is not null)
            builder.Services.AddSingleton(points);
        return new SampleHost(ServiceHost.Build(builder, [new SampleModule(consumes)]));
    }

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public Task SendAsync<T>(T contract, Guid? messageId = null)
        where T : class => Get<IBus>().Publish(contract, context => context.MessageId = messageId ?? Guid.NewGuid(), Cancelled);

    /// <summary>Commits the contract to the outbox, as a handler would.</summary>
    public Task DecideAsync(params IEnumerable<object> contracts) => Get<UnitOfWorkFactory<SampleDb>>().RunAsync(unit =>
    {
        foreach (var contract in contracts)
            unit.Publish(contract);
        return Task.FromResult(true);
    }, Cancelled);

    public async Task<T> ReadAsync<T>(Func<SampleDb, CancellationToken, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<SampleDb>>().CreateDbContextAsync(Cancelled);
        return await read(db, Cancelled);
    }

    public Task<List<string>> FactsAsync() => ReadAsync((db, token) => db.Facts.AsNoTracking().OrderBy(x => x.Text).Select(x => x.Text).ToListAsync(token));

    public Task<List<DeadLetter>> LettersAsync() => ReadAsync((db, token) => db.DeadLetters.AsNoTracking().ToListAsync(token));

    public async Task<int> OutboxAsync() =>
        (await ReadAsync((db, token) => db.Database.SqlQuery<int>($"select cast(count(*) as int) as value from outbox").ToListAsync(token)))[0];

    public async ValueTask DisposeAsync() => await App.EndAsync();

    public static CancelPayout Command(string reason) => new() { PayoutId = new PayoutId(Guid.NewGuid()), By = "a test", Reason = reason };

    /// <summary>Puts bytes on a queue as any AMQP client may.</summary>
    public static async Task PutAsync(IChannel channel, string queue, string body, string? messageType = null, Guid? messageId = null)
    {
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, Headers = new Dictionary<string, object?>() };
        if (messageType is not null)
            properties.Headers["MT-MessageType"] = messageType;
        if (messageId is { } id)
            properties.MessageId = id.ToString();
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body), Cancelled);
    }
}
