using System.Reflection;
using System.Runtime.CompilerServices;

namespace Payouts.Tests.Architecture;

/// <summary>What a message contract looks like: plain data that can only be made whole and never changes afterwards.</summary>
internal static class ContractShape
{
    private static readonly Type[] Inexact = [typeof(double), typeof(float), typeof(decimal), typeof(Half)];

    public static IEnumerable<Type> Contracts => typeof(Payouts.Contracts.PayoutOrder).Assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false });

    /// <summary>What is wrong with a contract; nothing when all is well.</summary>
    public static IEnumerable<string> Judge(Type type)
    {
        if (type.GetMethod("<Clone>$") is null)
        {
            yield return $"{type.Name} is no record";
        }

        if (!type.IsSealed)
        {
            yield return $"{type.Name} is not sealed";
        }

        if (type.BaseType != typeof(object))
        {
            yield return $"{type.Name} has the base class {type.BaseType!.Name}; messages have none";
        }

        foreach (var property in type.GetProperties())
        {
            foreach (var problem in Judge(property))
            {
                yield return $"{type.Name}.{property.Name} {problem}";
            }
        }
    }

    private static IEnumerable<string> Judge(PropertyInfo property)
    {
        if (property.SetMethod is not { } set || !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
        {
            yield return "is not init-only";
        }

        if (!property.IsDefined(typeof(RequiredMemberAttribute)) && !MayBeAbsent(property))
        {
            yield return "is neither required nor optional: write required, or a question mark";
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (Inexact.Contains(type))
        {
            yield return $"is a {type.Name}, which cannot hold money; use Stroops or a whole number";
        }

        if (type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() != typeof(IReadOnlyList<>)))
        {
            yield return $"is a {type.Name}; use IReadOnlyList";
        }
    }

    private static bool MayBeAbsent(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
}
