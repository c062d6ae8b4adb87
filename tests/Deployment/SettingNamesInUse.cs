using k8s.Models;

namespace Payouts.Tests.Deployment;

/// <summary>The names of the settings that each kind of deployment passes to a service; NAME_FILE counts as NAME.</summary>
internal static class SettingNamesInUse
{
    /// <summary>Only some installations have these, and an empty secret is none: overlays add them. HTTP_API_KEY is for development networks alone.</summary>
    public static readonly IReadOnlyList<string> OfOverlaysOnly =
        [.. OfTheSigner, .. SettingNamesRead.OfProviders, "PAYOUTS_SIGNING_POLICY", "HTTP_JWT_JWKS", "HTTP_TLS_CERT", "HTTP_TLS_KEY", "RABBITMQ_TLS_CA", "RABBITMQ_TLS_CERT", "RABBITMQ_TLS_KEY", "HTTP_API_KEY"];

    /// <summary>The keys that only payout-signer may hold.</summary>
    public static IReadOnlyList<string> OfTheSigner => ["PAYOUT_HOT_SIGNER_SECRET", "PAYOUT_CHANNEL_SECRET"];

    public static IEnumerable<string> OfCompose(ComposeFile compose, string service) => compose.Services[service].Environment.Keys.Select(WithoutFile);

    public static IEnumerable<string> OfKubernetes(Manifests manifests, string service)
    {
        var container = manifests.Deployments.Single(item => item.Metadata.Name == service).Spec.Template.Spec.Containers.Single();
        var fromMaps = (container.EnvFrom ?? []).SelectMany(source => MapOf(manifests, source.ConfigMapRef?.Name).Data.Keys);
        return fromMaps.Concat((container.Env ?? []).Select(variable => variable.Name)).Select(WithoutFile);
    }

    private static V1ConfigMap MapOf(Manifests manifests, string? name) =>
        manifests.ConfigMaps.SingleOrDefault(map => map.Metadata.Name == name) ?? throw new FormatException($"There is no ConfigMap '{name}'.");

    private static string WithoutFile(string name) => name.EndsWith("_FILE", StringComparison.Ordinal) ? name[..^"_FILE".Length] : name;
}
