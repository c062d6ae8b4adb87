using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Payouts.Tests.Contracts;

/// <summary>The summaries of the contracts' documentation comments, as plain text.</summary>
internal static partial class Comments
{
    private static readonly Lazy<Dictionary<string, XElement>> All = new(() =>
        XDocument.Load(Path.ChangeExtension(typeof(PayoutOrder).Assembly.Location, ".xml")).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!, StringComparer.Ordinal));

    public static string Of(Type type) => Text($"T:{type.FullName}");

    public static string Of(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private static string Text(string id)
    {
        var parts = All.Value[id].Nodes().Select(node => node is XElement { Name.LocalName: "see" } see ? Named(see.Attribute("cref")!.Value) : node is XText text ? text.Value : ((XElement)node).Value);
        return Spaces().Replace(string.Concat(parts), " ").Trim();
    }

    private static string Named(string cref)
    {
        var name = cref[(cref.LastIndexOf('.') + 1)..];
        return cref.StartsWith("P:", StringComparison.Ordinal) ? char.ToLowerInvariant(name[0]) + name[1..] : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
