using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Web;

/// <summary>One service: its own host runs it alone, tools/run runs all four in one process.</summary>
public interface IServiceModule
{
    /// <summary>The service's name as deployed, such as payout-builder.</summary>
    string Name { get; }

    /// <summary>Its own schema in PostgreSQL; null for a program that keeps nothing.</summary>
    string? Schema => null;

    /// <summary>Reads the settings and registers what the service is made of.</summary>
    void AddServices(IServiceCollection services, Settings settings);

    /// <summary>Registers what consumes from the bus.</summary>
    void AddConsumers(IBusRegistrationConfigurator bus);

    /// <summary>Maps the HTTP doors.</summary>
    void MapEndpoints(IEndpointRouteBuilder routes);
}
