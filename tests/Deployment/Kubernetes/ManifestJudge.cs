using System.Text.Json;

namespace Payouts.Tests.Deployment;

/// <summary>
/// The second opinion beside KubernetesClient's strict loading: schemas of Kubernetes and of the operators from npm's kubernetes-models (models/judge.mjs),
/// which know what is required, what values there are and, by the TypeScript compiler, what members there are.
/// </summary>
internal static class ManifestJudge
{
    /// <summary>No model: the kinds that OperatorObjects.cs knows instead.</summary>
    public const string NoModel = "no model";

    private static readonly TimeSpan Within = TimeSpan.FromMinutes(3);

    /// <summary>Judges texts of several objects each.</summary>
    public static async Task<IReadOnlyList<Finding>> FindProblemsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var node = new NodeProject(RepositoryRoot.PathOf("tests/Deployment/Kubernetes/models"));
        await node.InstallAsync(cancellationToken);
        using var folder = new TemporaryFolder();
        var files = texts.Select((text, index) => (Path: Path.Combine(folder.Path, $"{index}.yaml"), text)).ToList();
        foreach (var (path, text) in files)
            await File.WriteAllTextAsync(path, text, cancellationToken);
        var output = Path.Combine(folder.Path, "problems.json");
        await node.RunAsync(["judge.mjs", output, .. files.Select(file => file.Path)], [], Within, cancellationToken);
        return JsonSerializer.Deserialize<List<Finding>>(await File.ReadAllTextAsync(output, cancellationToken), JsonSerializerOptions.Web)!;
    }

    /// <param name="File">Place of the text in what was asked.</param>
    /// <param name="Object">Version, kind and name.</param>
    /// <param name="Problem">What the schema says.</param>
    public sealed record Finding(int File, string Object, string Problem);
}
