using System.Reflection;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Contracts;

/// <summary>A member somewhere in a sample, where a test can put something else.</summary>
/// <param name="Owner">The JSON object that holds it.</param>
/// <param name="Property">What it is in the contract.</param>
internal sealed record SampleMember(JsonObject Owner, PropertyInfo Property)
{
    public string Name => ContractTypes.JsonName(Property);

    public Type Type => ContractTypes.ElementOf(Property.PropertyType);

    public bool IsList => Type != (Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType);

    public override string ToString() => Owner.GetPath() + "." + Name;

    /// <summary>Every member of a sample, those of its parts included; of a list, the first part.</summary>
    public static IEnumerable<SampleMember> Of(Type contract, JsonObject sample)
    {
        foreach (var property in contract.GetProperties())
        {
            var member = new SampleMember(sample, property);
            yield return member;
            if (!ContractTypes.AllRecords.Contains(member.Type))
            {
                continue;
            }

            var part = member.IsList ? sample[member.Name]![0]! : sample[member.Name]!;
            foreach (var inner in Of(member.Type, part.AsObject()))
            {
                yield return inner;
            }
        }
    }

    /// <summary>The samples that one change to one member makes; <paramref name="change"/> says null where it has none to make.</summary>
    public static IEnumerable<(SampleMember Member, JsonObject Changed)> Change(string contract, Func<SampleMember, Action?> change)
    {
        var count = Of(ContractTypes.Named(contract), Samples.Read(contract)).Count();
        for (var index = 0; index < count; index++)
        {
            var sample = Samples.Read(contract);
            var member = Of(ContractTypes.Named(contract), sample).ElementAt(index);
            if (change(member) is { } apply)
            {
                apply();
                yield return (member, sample);
            }
        }
    }
}
