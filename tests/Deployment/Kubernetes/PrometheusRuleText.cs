using System.Text;
using YamlDotNet.RepresentationModel;

namespace Payouts.Tests.Deployment;

/// <summary>The PrometheusRule that holds the groups of Prometheus's own rule files: their text, moved in, so that no value changes its form.</summary>
internal static class PrometheusRuleText
{
    private const string Head = """
        # Made from deploy/prometheus/rules by "PAYOUTS_TEST_UPDATE=1 ./test.sh Deployment"; a test compares.
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: payouts
        spec:
          groups:

        """;

    /// <exception cref="FormatException">A file is more than a list of groups.</exception>
    public static string Make(IEnumerable<string> files)
    {
        var groups = new StringBuilder();
        foreach (var file in files)
            groups.Append(GroupsOf(file));
        return groups.Length == 0 ? Head.TrimEnd() + " []\n" : Head + groups;
    }

    // As text: what a serializer makes of a number in quotes or of a long expression is another text, and a reader compares texts.
    private static string GroupsOf(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(file));
        if (stream.Documents is not [{ RootNode: YamlMappingNode { Children: [{ Key: YamlScalarNode { Value: "groups" }, Value: YamlSequenceNode { Style: not YamlDotNet.Core.Events.SequenceStyle.Flow } groups }] } }])
            throw new FormatException("a rule file holds groups and nothing else, in block style");
        var first = (int)groups.Start.Line - 1;
        var indent = (int)groups.Start.Column - 1;
        var lines = file.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')[first..];
        return string.Concat(lines.Select(line => (line.Length == 0 ? "" : "    " + line[Math.Min(indent, line.Length - line.TrimStart(' ').Length)..]) + "\n"));
    }
}
