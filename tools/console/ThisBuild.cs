using System.Reflection;

namespace Payouts.OperatorConsole;

/// <summary>What was built.</summary>
internal static class ThisBuild
{
    public static string Version { get; } = typeof(ThisBuild).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
