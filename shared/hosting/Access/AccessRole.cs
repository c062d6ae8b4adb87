using System.Collections.Frozen;

namespace Payouts.Hosting.Access;

/// <summary>What a caller of the HTTP doors may do: a closed list. docs/security.md says which endpoint needs which.</summary>
public static class AccessRole
{
    /// <summary>See everything that the services show; change nothing.</summary>
    public const string Read = "read";

    /// <summary>Decide about payouts, or propose it where a second person approves; replay dead letters.</summary>
    public const string Operate = "operate";

    /// <summary>Approve what somebody else proposed.</summary>
    public const string Approve = "approve";

    /// <summary>The game backend: its rounds and the letters of its events.</summary>
    public const string Game = "game";

    /// <summary>The external signer: sign requests and their answers.</summary>
    public const string Signer = "signer";

    /// <summary>All of these.</summary>
    public const string Admin = "admin";

    /// <summary>Every role.</summary>
    public static FrozenSet<string> All { get; } = FrozenSet.ToFrozenSet([Read, Operate, Approve, Game, Signer, Admin], StringComparer.Ordinal);

    /// <summary>The granted roles and what they contain: who decides also reads.</summary>
    public static IReadOnlySet<string> WithImplied(IEnumerable<string> granted)
    {
        var roles = granted.Where(All.Contains).ToHashSet(StringComparer.Ordinal);
        if (roles.Contains(Admin))
            roles.UnionWith(All);
        if (roles.Contains(Operate) || roles.Contains(Approve))
            roles.Add(Read);
        return roles;
    }
}
