using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Observability;

/// <summary>Sends the payouts' traces to a collector, when one is named.</summary>
internal static class Tracing
{
    private const string EndpointShape = "the collector's address, such as http://collector:4318";
    private const string RatioShape = "a share from 0 to 1, such as 0.05";

    public static void AddTracing(this IServiceCollection services, Settings settings, string serviceName)
    {
        var ratio = settings.Parsed(SettingNames.TracesSamplerArg, ParseRatio, RatioShape, fallback: "1");
        if (settings.Optional(SettingNames.OtlpEndpoint) is null)
            return;
        if (settings.Parsed(SettingNames.OtlpEndpoint, ParseEndpoint, EndpointShape) is not { } endpoint)
            return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName))
            .WithTracing(tracing => tracing
                .AddSource(PayoutTrace.SourceName)
                // By the trace's id alone, so that every service keeps the same payouts.
                .SetSampler(new TraceIdRatioBasedSampler(ratio))
                .AddOtlpExporter(exporter => (exporter.Protocol, exporter.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(endpoint, "v1/traces"))));
    }

    private static Uri ParseEndpoint(string text) => Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri
        : throw new FormatException("it begins with http:// or https://");

    private static double ParseRatio(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1
        ? ratio
        : throw new FormatException("write a decimal number");
}
