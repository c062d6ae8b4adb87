using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Payouts.Tests.Deployment;

/// <summary>The parts of the compose format that docker-compose.yml uses. Reading fails on any other key, so a misspelt one cannot pass.</summary>
public sealed class ComposeFile
{
    public string? Name { get; set; }
    public Dictionary<string, ComposeService> Services { get; set; } = [];
    public Dictionary<string, Dictionary<string, string>> Volumes { get; set; } = [];

    [YamlMember(Alias = "x-images", ApplyNamingConventions = false)]
    public Dictionary<string, string>? Images { get; set; }

    [YamlMember(Alias = "x-hardened", ApplyNamingConventions = false)]
    public ComposeService? Hardened { get; set; }

    [YamlMember(Alias = "x-bus", ApplyNamingConventions = false)]
    public Dictionary<string, string>? Bus { get; set; }

    [YamlMember(Alias = "x-transaction", ApplyNamingConventions = false)]
    public Dictionary<string, string>? Transaction { get; set; }

    public static ComposeFile Parse(string text)
    {
        var reader = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();
        return reader.Deserialize<ComposeFile>(new MergingParser(new Parser(new StringReader(text))))
            ?? throw new FormatException("The compose file is empty.");
    }
}

public sealed class ComposeService
{
    public string? Image { get; set; }
    public ComposeBuild? Build { get; set; }
    public string? Hostname { get; set; }
    public List<string> Command { get; set; } = [];
    public Dictionary<string, string> Environment { get; set; } = [];
    public List<string> Ports { get; set; } = [];
    public List<string> Volumes { get; set; } = [];
    public Dictionary<string, ComposeDependency> DependsOn { get; set; } = [];
    public ComposeHealthCheck? Healthcheck { get; set; }
    public bool ReadOnly { get; set; }
    public List<string> Tmpfs { get; set; } = [];
    public List<string> CapDrop { get; set; } = [];
    public List<string> SecurityOpt { get; set; } = [];
    public string? Restart { get; set; }
    public string? StopGracePeriod { get; set; }
}

public sealed class ComposeBuild
{
    public string? Context { get; set; }
    public string? Dockerfile { get; set; }
    public Dictionary<string, string> Args { get; set; } = [];
}

public sealed class ComposeDependency
{
    public string? Condition { get; set; }
}

public sealed class ComposeHealthCheck
{
    public List<string> Test { get; set; } = [];
    public string? Interval { get; set; }
    public string? Timeout { get; set; }
    public int Retries { get; set; }
}
