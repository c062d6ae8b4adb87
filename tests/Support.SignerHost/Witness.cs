using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;

namespace Payouts.Signer.Tests.Support;

/// <summary>Stands where payout-builder and the KMS would: hears everything that the signer sends.</summary>
internal sealed class Witness : IServiceModule
{
    private readonly Heard _heard = new();

    public string Name => "witness";

    public IReadOnlyCollection<SigningRequested> Requests => _heard.Requests;

    public IReadOnlyCollection<PayoutSigned> Signed => _heard.Signed;

    public IReadOnlyCollection<PayoutFailed> Failed => _heard.Failed;

    public IReadOnlyCollection<PayoutAuthorized> Authorized => _heard.Authorized;

    public IReadOnlyCollection<AuthorizationFailed> NotAuthorized => _heard.NotAuthorized;

    /// <summary>What the channels' and the fee account's keys have signed.</summary>
    public IReadOnlyCollection<object> ByOwnKeys => _heard.ByOwnKeys;

    public void AddServices(IServiceCollection services, Settings settings) => services.AddSingleton(_heard);

    public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<Ear>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        // It only listens.
    }

    internal sealed class Heard
    {
        public ConcurrentQueue<SigningRequested> Requests { get; } = new();

        public ConcurrentQueue<PayoutSigned> Signed { get; } = new();

        public ConcurrentQueue<PayoutFailed> Failed { get; } = new();

        public ConcurrentQueue<PayoutAuthorized> Authorized { get; } = new();

        public ConcurrentQueue<AuthorizationFailed> NotAuthorized { get; } = new();

        public ConcurrentQueue<object> ByOwnKeys { get; } = new();
    }

    internal sealed class Ear(Heard heard) : IConsumer<SigningRequested>, IConsumer<PayoutSigned>, IConsumer<PayoutFailed>, IConsumer<PayoutAuthorized>, IConsumer<AuthorizationFailed>, IConsumer<SubmitBurn>, IConsumer<FeeBumped>
    {
        public Task Consume(ConsumeContext<SigningRequested> context) => Keep(heard.Requests, context.Message);

        public Task Consume(ConsumeContext<PayoutSigned> context) => Keep(heard.Signed, context.Message);

        public Task Consume(ConsumeContext<PayoutFailed> context) => Keep(heard.Failed, context.Message);

        public Task Consume(ConsumeContext<PayoutAuthorized> context) => Keep(heard.Authorized, context.Message);

        public Task Consume(ConsumeContext<AuthorizationFailed> context) => Keep(heard.NotAuthorized, context.Message);

        public Task Consume(ConsumeContext<SubmitBurn> context) => Keep(heard.ByOwnKeys, context.Message);

        public Task Consume(ConsumeContext<FeeBumped> context) => Keep(heard.ByOwnKeys, context.Message);

        private static Task Keep<T>(ConcurrentQueue<T> queue, T message)
        {
            queue.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
