using System.Globalization;

namespace Payouts.Tests.Compose;

/// <summary>A container, seen from this host: what Docker says of it, and what the kernel says of its first process.</summary>
/// <param name="Service">Name in docker-compose.yml.</param>
/// <param name="ProcessId">Its first process, on this host.</param>
/// <param name="Health">healthy, unhealthy or starting.</param>
/// <param name="Restarts">How often Docker started it again because it had ended by itself.</param>
/// <param name="OutOfMemory">Whether the kernel killed it for its memory.</param>
internal sealed record ComposeContainer(string Service, int ProcessId, string Health, int Restarts, bool OutOfMemory)
{
    private static readonly string[] WithMemory = ["memory", ""];

    /// <summary>The user that it really runs as.</summary>
    public int UserId => int.Parse(Status("Uid").Split('\t')[0], CultureInfo.InvariantCulture);

    /// <summary>The capabilities in force, as the kernel's mask.</summary>
    public ulong Capabilities => ulong.Parse(Status("CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Whether a program of another user in it may gain that user's rights.</summary>
    public bool MayGainPrivileges => Status("NoNewPrivs") != "1";

    /// <summary>Its root, as it sees it: the kernel's rules for its mounts hold for whoever comes by this path.</summary>
    public string PathOf(string path) => $"/proc/{ProcessId}/root{path}";

    /// <summary>All memory that it is charged for, and the part that is its own and no file's, in bytes.</summary>
    public (long All, long Anonymous) Memory()
    {
        // "5:memory:/docker/ID" in the first version, "0::/docker/ID" in the second.
        var groups = File.ReadLines($"/proc/{ProcessId}/cgroup").Select(line => line.Split(':', 3)).ToDictionary(parts => parts[1], parts => parts[2], StringComparer.Ordinal);
        var version = WithMemory.First(groups.ContainsKey);
        var folder = version == "memory" ? $"/sys/fs/cgroup/memory{groups[version]}" : $"/sys/fs/cgroup{groups[version]}";
        var (all, anonymous) = version == "memory" ? ("memory.usage_in_bytes", "total_rss ") : ("memory.current", "anon ");
        var own = File.ReadLines(Path.Combine(folder, "memory.stat")).Single(line => line.StartsWith(anonymous, StringComparison.Ordinal));
        return (Number(File.ReadAllText(Path.Combine(folder, all))), Number(own[anonymous.Length..]));
    }

    private string Status(string name) => File.ReadLines($"/proc/{ProcessId}/status").Single(line => line.StartsWith(name + ":\t", StringComparison.Ordinal))[(name.Length + 2)..];

    private static long Number(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
