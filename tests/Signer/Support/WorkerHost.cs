using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;
using Payouts.Tests.Support;
using Xunit;

namespace Payouts.Signer.Tests.Support;

/// <summary>An external signer of ours in this process, and an ear for what it answers.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Ears _ears;
    private readonly LogRecorder _logs;

    private WorkerHost(WebApplication app, Ears ears, LogRecorder logs) => (_app, _ears, _logs) = (app, ears, logs);

    public IReadOnlyCollection<string> LogLines => _logs.Lines;

    public IReadOnlyCollection<SigningCompleted> Completed => _ears.Completed;

    public IReadOnlyCollection<SigningRejected> Rejected => _ears.Rejected;

    public static async Task<WorkerHost> StartAsync(Dictionary<string, string?> settings, IServiceModule module)
    {
        var (ears, logs) = (new Ears(), new LogRecorder());
        var app = SignerHost.Build(settings, null, null, logs, [module, ears]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WorkerHost(app, ears, logs);
    }

    public Task SendAsync(SigningRequested request) => _app.Services.GetRequiredService<IBus>().Publish(request, TestContext.Current.CancellationToken);

    public async Task<SigningCompleted> CompletedAsync(SigningRequested request) => (await Probe.Until(
        $"request {request.RequestId} is signed", _ => Task.FromResult(Completed.FirstOrDefault(x => x.RequestId == request.RequestId)), found => found is not null))!;

    public async Task<SigningRejected> RejectedAsync(SigningRequested request) => (await Probe.Until(
        $"request {request.RequestId} is rejected", _ => Task.FromResult(Rejected.FirstOrDefault(x => x.RequestId == request.RequestId)), found => found is not null))!;

    public async ValueTask DisposeAsync() => await _app.EndAsync();

    private sealed class Ears : IServiceModule
    {
        public string Name => "ears";

        public ConcurrentQueue<SigningCompleted> Completed { get; } = new();

        public ConcurrentQueue<SigningRejected> Rejected { get; } = new();

        public void AddServices(IServiceCollection services, Settings settings) => services.AddSingleton(this);

        public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<Ear>();

        public void MapEndpoints(IEndpointRouteBuilder routes)
        {
            // It only listens.
        }
    }

    private sealed class Ear(Ears ears) : IConsumer<SigningCompleted>, IConsumer<SigningRejected>
    {
        public Task Consume(ConsumeContext<SigningCompleted> context)
        {
            ears.Completed.Enqueue(context.Message);
            return Task.CompletedTask;
        }

        public Task Consume(ConsumeContext<SigningRejected> context)
        {
            ears.Rejected.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}
