using System.Reflection;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Hosting.Background;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;
using Payouts.Hosting.Steps;
using Prometheus;

namespace Payouts.Hosting.Web;

/// <summary>Builds and runs a process out of service modules.</summary>
public static class ServiceHost
{
    /// <summary>Exit code of a start that the configuration stopped.</summary>
    public const int ExitConfiguration = 78;

    /// <summary>Of one HTTP request, in bytes: far above what anybody has to say here, far below the server's own 30 MB. A route may say less.</summary>
    public const long BodyBytesMax = 1024 * 1024;

    /// <summary>Whoever runs the process gives it longer than this between SIGTERM and SIGKILL: messages in hand are finished, nothing new is taken.</summary>
    public static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(40);

    /// <summary>Of this build: the version, and after a plus sign the commit where it is known.</summary>
    public static string Version { get; } = typeof(ServiceHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>
    /// Runs one service until it is told to stop. "--health-check" instead asks the running service whether it is ready, "api-key new" makes a key,
    /// "migrate" brings its database to this version.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, IServiceModule module)
    {
        if (args.Contains("--health-check"))
            return await HealthProbe.RunAsync();
        if (args is [ApiKeyCommand.Name, ..])
            return await ServiceCommand.PrintAsync(module, ApiKeyCommand.Answer(args));
        if (args is [MigrateCommand.Name, ..])
            return await ServiceCommand.PrintAsync(module, await MigrateCommand.AnswerAsync(module, args, new ConfigurationBuilder().AddEnvironmentVariables().Build(), CancellationToken.None));
        try
        {
            var builder = CreateBuilder(args);
            await using var app = Build(builder, [module]);
            // Asked for now: the services are gone when the run is over.
            var (watchdog, late) = (app.Services.GetService<BrokerWatchdog>(), app.Services.GetService<LateProblem>());
            await StartAsync(app, CancellationToken.None);
            await app.WaitForShutdownAsync();
            if (late?.Text is { } problem)
                throw new SettingsException([problem]);
            return watchdog is { HasGivenUp: true } ? BrokerWatchdog.ExitConnectionLost : 0;
        }
        catch (SettingsException wrong)
        {
            foreach (var problem in wrong.Problems)
                await Console.Error.WriteLineAsync($"{module.Name}: {problem}");
            return ExitConfiguration;
        }
        catch (StartFailedException failed)
        {
            await Console.Error.WriteLineAsync($"{module.Name}: {failed.Message}");
            return ServiceCommand.ExitUnavailable;
        }
    }

    /// <summary>Starts what <see cref="Build"/> wired, once every <see cref="IStartCheck"/> has passed.</summary>
    /// <exception cref="SettingsException">The settings do not fit what was found.</exception>
    /// <exception cref="StartFailedException">The database or the address to listen at cannot be used.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        foreach (var check in app.Services.GetServices<IStartCheck>())
            await check.CheckAsync(cancellationToken);
        var turns = new StartTurns(app.Services.GetRequiredService<TimeProvider>());
        foreach (var loop in app.Services.GetServices<IHostedService>().OfType<BackgroundLoop>())
            loop.WaitFor(turns);
        try
        {
            await app.StartAsync(cancellationToken);
            turns.Begin();
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new StartFailedException(taken.Message, taken);
        }
    }

    /// <summary>
    /// A builder whose settings are read once: the framework would otherwise watch every folder below the one that the process is started in, which takes a part of
    /// its start and of the host's few inotify instances, for files that no service has.
    /// </summary>
    internal static WebApplicationBuilder CreateBuilder(params IEnumerable<string> args) => WebApplication.CreateSlimBuilder(
        new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false", .. args], ContentRootPath = AppContext.BaseDirectory });

    /// <summary>Wires the modules into one application; nothing is started yet.</summary>
    /// <exception cref="SettingsException">Names every wrong or missing setting.</exception>
    public static WebApplication Build(WebApplicationBuilder builder, IReadOnlyList<IServiceModule> modules)
    {
        var settings = new Settings(builder.Configuration);
        var services = builder.Services;
        ConfigureLogging(builder, settings);
        services.AddTracing(settings, string.Join('+', modules.Select(module => module.Name)));
        services.TryAddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = BodyBytesMax);
        services.AddProblemDetails();
        services.AddHealthChecks();
        services.AddProcessMetrics(modules);
        services.ConfigureHttpJsonOptions(json =>
        {
            foreach (var converter in ContractsJson.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
            json.SerializerOptions.DefaultIgnoreCondition = ContractsJson.Options.DefaultIgnoreCondition;
        });
        // At once: each loop finishes its step and the bus its messages, and none waits for another one's end.
        services.Configure<HostOptions>(host => (host.ShutdownTimeout, host.ServicesStopConcurrently) = (DrainMax, true));

        var broker = BrokerSettings.Read(settings);
        services.AddAccess(AccessSettings.Read(settings));
        HttpTls.Use(builder, settings);
        services.TryAddSingleton(FaultSteps.Read(settings));
        foreach (var module in modules)
            module.AddServices(services, settings);
        settings.ThrowIfWrong();
        services.AddPayoutsBus(broker, bus =>
        {
            foreach (var module in modules)
                module.AddConsumers(bus);
        });
        if (broker.Address is { } address)
        {
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<BrokerWatchdog>(provider, address));
            services.AddHostedService(provider => provider.GetRequiredService<BrokerWatchdog>());
        }

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseHttpMeters();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready"), ResponseWriter = HealthProbe.WriteAsync }).AllowAnonymous();
        app.MapMetrics().AllowAnonymous();
        app.MapGet("/", () => Results.Json(new { services = modules.Select(module => module.Name), version = Version })).For(AccessRole.Read);
        foreach (var module in modules)
            module.MapEndpoints(app);
        return app;
    }

    private static void ConfigureLogging(WebApplicationBuilder builder, Settings settings)
    {
        var logging = builder.Logging;
        // The payout's id, the round's and the request's are members of each line's State, and a payout's id is its trace's.
        if (settings.Parsed(SettingNames.LogFormat, LogFormats.Parse, LogFormats.Shape, fallback: LogFormats.Text) == LogFormats.Json)
            logging.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        // A race that one of two replicas loses is an error there; whoever ran the transaction tells what became of it.
        logging.AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.Critical);
        logging.AddFilter("MassTransit", LogLevel.Warning);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // The pipeline reports what it does with a failed message itself: the receive endpoint would repeat it with the body's address.
        logging.AddFilter("MassTransit.ReceiveTransport", LogLevel.Critical);
        // The checks are asked every few seconds, for a gauge: /health/ready and dependency_ready tell what is not there, and who needs it says so itself.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
    }
}
