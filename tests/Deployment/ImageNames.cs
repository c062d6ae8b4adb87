namespace Payouts.Tests.Deployment;

internal static class ImageNames
{
    /// <summary>Whether an image names a version. Compose's ${NAME:-default} counts by its default.</summary>
    public static bool IsPinned(string? image)
    {
        var name = ComposeText.WithDefaults(image ?? "");
        var tag = name[(name.LastIndexOf('/') + 1)..].Split(':') is [_, var version] ? version : "";
        return tag.Length > 0 && !tag.StartsWith("latest", StringComparison.OrdinalIgnoreCase);
    }
}
