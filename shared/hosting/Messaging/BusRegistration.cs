using System.Text.Json;
using MassTransit;
using MassTransit.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Steps;

namespace Payouts.Hosting.Messaging;

/// <summary>RABBITMQ_URL, understood.</summary>
/// <param name="Address">Null means the in-memory transport of the embedded process.</param>
public sealed record BrokerSettings(Uri? Address)
{
    /// <summary>Of an amqps address: whom we believe and what we show.</summary>
    public BrokerTls Tls { get; init; } = new();

    /// <summary>Reads RABBITMQ_URL and RABBITMQ_TLS_...; problems are collected in <paramref name="settings"/>.</summary>
    public static BrokerSettings Read(Settings settings)
    {
        var broker = settings.Parsed(SettingNames.RabbitMqUrl, Parse, "the broker's address");
        var tls = BrokerTls.Read(settings);
        if (tls != new BrokerTls() && broker is { Address.Scheme: not "amqps" })
            settings.Refuse($"{SettingNames.BrokerCa}_FILE and {SettingNames.BrokerCertificate}_FILE are for an address in amqps, and {SettingNames.RabbitMqUrl} is none");
        return broker is null ? new BrokerSettings((Uri?)null) : broker with { Tls = tls };
    }

    /// <summary>Reads amqp://, amqps:// or "inmemory".</summary>
    /// <exception cref="FormatException">Neither; the value, which holds a password, is not repeated.</exception>
    public static BrokerSettings Parse(string url)
    {
        if (url == "inmemory")
            return new BrokerSettings((Uri?)null);
        if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps" && address.Host.Length > 0)
            return new BrokerSettings(address);
        throw new FormatException("write amqp://user:password@host:5672/vhost, or amqps:// for TLS");
    }
}

/// <summary>One bus a process, the same for every service.</summary>
public static class BusRegistration
{
    /// <summary>How long a start waits for the broker. Nothing answers over HTTP until then; the process ends after it.</summary>
    public static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Registers the bus with the consumers that <paramref name="addConsumers"/> brings.</summary>
    public static IServiceCollection AddPayoutsBus(this IServiceCollection services, BrokerSettings broker, Action<IBusRegistrationConfigurator> addConsumers)
    {
        services.AddOptions<MassTransitHostOptions>().Configure(options =>
        {
            // Without this the host reports started before queues are bound, and early events would find no queue.
            options.WaitUntilStarted = true;
            options.StartTimeout = StartMax;
            options.StopTimeout = DrainTimeout;
            options.ConsumerStopTimeout = DrainTimeout;
        });
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            addConsumers(bus);
            if (broker.Address is { } address)
                bus.UsingRabbitMq((context, configurator) =>
                {
                    configurator.Host(address, host =>
                    {
                        if (address.Scheme == "amqps")
                            broker.Tls.Configure(host, address, context.GetRequiredService<TimeProvider>(), context.GetRequiredService<ILogger<BrokerTls>>());
                    });
                    ConfigureJson(configurator);
                    WatchQueues(configurator, context);
                    configurator.ConfigureEndpoints(context);
                });
            else
                bus.UsingInMemory((context, configurator) =>
                {
                    ConfigureJson(configurator);
                    WatchQueues(configurator, context);
                    configurator.ConfigureEndpoints(context);
                });
        });
    }

    private static void WatchQueues(IBusFactoryConfigurator configurator, IBusRegistrationContext context)
    {
        if (context.GetService<IStepPoints>() is { AreWatched: true } points)
            configurator.ConnectReceiveObserver(new QueueSteps(points));
    }

    private static void ConfigureJson(IBusFactoryConfigurator configurator)
    {
        configurator.ConfigureJsonSerializerOptions(_ => new JsonSerializerOptions(ContractsJson.Options));
        // Plain JSON is what we send and what we take; MassTransit's own envelope is still read when its content type says so.
        configurator.UseRawJsonSerializer(RawSerializerOptions.AddTransportHeaders, isDefault: true);
    }
}
