using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Tests.Judging;

/// <summary>The generated XDR types, by reflection: what they are made of, and how to read one whose type is known only at run time.</summary>
internal static class XdrTypes
{
    /// <summary>Every struct, union and typedef, by name.</summary>
    public static IReadOnlyList<Type> All { get; } = [.. typeof(TransactionEnvelope).Assembly.GetTypes()
        .Where(t => t is { Namespace: "Payouts.Stellar.Xdr", IsNested: false, IsInterface: false } && typeof(IXdrValue).IsAssignableFrom(t))
        .OrderBy(t => t.Name, StringComparer.Ordinal)];

    // A delegate for each type: to call by reflection would cost more than to decode, in time and in memory.
    private static readonly FrozenDictionary<Type, Func<byte[], IXdrValue>> Decoders = All.ToFrozenDictionary(
        type => type,
        type => typeof(XdrTypes).GetMethod(nameof(Read), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).CreateDelegate<Func<byte[], IXdrValue>>());

    /// <summary>A typedef wraps one value and is nothing on the wire: its one parameter is Value (Bytes, where the type is called Value).</summary>
    public static bool IsTypedef(Type type) =>
        typeof(IXdrValue).IsAssignableFrom(type) && type is { IsNested: false, IsAbstract: false } && Parameters(type) is [{ Name: "Value" or "Bytes" }];

    /// <summary>Whether a typedef stands for a value that may be absent (SponsorshipDescriptor).</summary>
    public static bool IsOptional(Type typedef) =>
        new NullabilityInfoContext().Create(Parameters(typedef)[0]).ReadState == NullabilityState.Nullable;

    public static ParameterInfo[] Parameters(Type type) => Constructor(type).GetParameters();

    public static ConstructorInfo Constructor(Type type) => type.GetConstructors().Single();

    /// <summary>The arms of a union by discriminant.</summary>
    public static IReadOnlyDictionary<int, Type> Arms(Type union) => union.GetNestedTypes()
        .Where(t => t.IsSubclassOf(union))
        .ToDictionary(t => Discriminant(RuntimeHelpers.GetUninitializedObject(t)));

    public static int Discriminant(object arm) =>
        Convert.ToInt32(arm.GetType().GetProperty("Discriminant")!.GetValue(arm), System.Globalization.CultureInfo.InvariantCulture);

    public static IXdrValue Decode(Type type, byte[] bytes) => Decoders[type](bytes);

    private static IXdrValue Read<T>(byte[] bytes)
        where T : IXdr<T> => XdrCodec.FromBytes<T>(bytes);
}
