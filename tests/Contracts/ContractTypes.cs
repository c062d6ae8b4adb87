using System.Collections.Frozen;
using System.Reflection;

namespace Payouts.Tests.Contracts;

/// <summary>The contracts as the assembly has them: messages, and the records that messages are made of.</summary>
internal static class ContractTypes
{
    private static readonly FrozenDictionary<string, Type> Records = typeof(PayoutOrder).Assembly.GetExportedTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false })
        .ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    private static readonly FrozenSet<Type> Parts = Records.Values
        .SelectMany(type => type.GetProperties()).Select(property => ElementOf(property.PropertyType)).Where(Records.Values.Contains).ToFrozenSet();

    /// <summary>Every record, parts included.</summary>
    public static IReadOnlyCollection<Type> AllRecords => Records.Values;

    /// <summary>What travels by itself: every record that no other one contains.</summary>
    public static IReadOnlyList<Type> Messages { get; } = [.. Records.Values.Where(type => !Parts.Contains(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static TheoryData<string> MessageNames => [.. Messages.Select(type => type.Name)];

    public static Type Named(string name) => Records[name];

    /// <summary>The type behind a list and behind a question mark.</summary>
    public static Type ElementOf(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsGenericType && bare.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? bare.GetGenericArguments()[0] : bare;
    }

    /// <summary>The member's name as JSON has it.</summary>
    public static string JsonName(PropertyInfo property) => ContractsJson.Options.PropertyNamingPolicy!.ConvertName(property.Name);

    public static bool IsRequired(PropertyInfo property) => property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute));
}
