using Payouts.Devnet;
using Payouts.Devnet.Options;

namespace Payouts.Tests.Deployment;

/// <summary>What compose would start, as processes of this host: its own settings, but for the addresses of what is not here.</summary>
internal static class ComposeSuite
{
    public static readonly IReadOnlyList<Component> Programs = [.. Components.All.Where(component => component.Name != "devnet")];

    public static ComposeFile Compose => ComposeFile.Parse(File.ReadAllText(RepositoryRoot.PathOf("docker-compose.yml")));

    /// <summary>The devnet of the compose file, on a free port and without a file.</summary>
    public static Task<DevnetHost> StartDevnetAsync(CancellationToken cancellationToken) => DevnetHost.StartAsync(
        DevnetOptionsReader.Read(ComposeEnvironment.Of(Compose, "devnet"), []) with { Port = 0, StateFile = null }, cancellation: cancellationToken);

    /// <summary>
    /// A program with its environment. An address is replaced only where the compose file gives one: a setting that it lacks is lacking
    /// here too.
    /// </summary>
    public static ServiceProcess Create(Component component, IReadOnlyDictionary<string, string> addresses, Action<Dictionary<string, string>>? change = null)
    {
        var environment = ComposeEnvironment.Of(Compose, component.Name);
        foreach (var (name, value) in addresses.Where(pair => environment.ContainsKey(pair.Key)))
        {
            environment[name] = value;
        }

        change?.Invoke(environment);
        return new ServiceProcess(new ServiceProcessOptions
        {
            Assembly = RepositoryRoot.AssemblyOf(component.Folder, component.Assembly),
            Environment = environment,
            ReadyWithin = TimeSpan.FromSeconds(90),
        });
    }
}
