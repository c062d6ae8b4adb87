using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Contracts;

namespace Payouts.Signer.Policies;

/// <summary>One decision of the policy about one request. Rows are added and never changed; the database refuses it.</summary>
public sealed class PolicyDecision
{
    /// <summary>Ascends in time.</summary>
    public Guid Id { get; init; }

    /// <summary>The request.</summary>
    public Guid RequestId { get; init; }

    /// <summary>The payout.</summary>
    public PayoutId PayoutId { get; init; }

    /// <summary>Allow, Wait or Refuse.</summary>
    public required string Verdict { get; init; }

    /// <summary>The rule that decided.</summary>
    public PolicyRule Rule { get; init; }

    /// <summary>The facts.</summary>
    public required string Detail { get; init; }

    /// <summary>The policy's own version; null: none is configured.</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>What was let go in one minute, so that a window over a day is at most 1,441 rows whatever is paid.</summary>
public sealed class PolicyMinute
{
    /// <summary>In what.</summary>
    public required string Currency { get; init; }

    /// <summary>The minute's beginning.</summary>
    public DateTimeOffset Minute { get; init; }

    /// <summary>How much.</summary>
    public Stroops Amount { get; set; }
}

/// <summary>What was let go of one round.</summary>
public sealed class PolicyRound
{
    /// <summary>The round.</summary>
    public required string RoundId { get; init; }

    /// <summary>In what.</summary>
    public required string Currency { get; init; }

    /// <summary>How much.</summary>
    public Stroops Amount { get; set; }

    /// <summary>When something was last added.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A payout that the sums hold already: asking for it again counts nothing.</summary>
public sealed class PolicyCounted
{
    /// <summary>The payout.</summary>
    public PayoutId PayoutId { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>A person's approval of a payout, whichever build of it is asked for: the debt never changes.</summary>
public sealed class PolicyApproval
{
    /// <summary>The payout.</summary>
    public PayoutId PayoutId { get; init; }

    /// <summary>Who.</summary>
    public required string ByWhom { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>A step of a switch: nothing of a currency or contract is signed while its last step says stopped. Rows are added and never changed.</summary>
public sealed class PolicySwitch
{
    /// <summary>Ascends in time.</summary>
    public Guid Id { get; init; }

    /// <summary>A currency as rounds name it, or a contract, C...</summary>
    public required string Subject { get; init; }

    /// <summary>True: stopped; false: let go again.</summary>
    public bool Stopped { get; init; }

    /// <summary>Who.</summary>
    public required string ByWhom { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>The one row that is locked while sums are read and changed: two replicas cannot both use up what is left of a limit.</summary>
public sealed class PolicyLock
{
    /// <summary>Always 1.</summary>
    public int Id { get; init; }
}

internal sealed class PolicyRowsConfiguration :
    IEntityTypeConfiguration<PolicyDecision>, IEntityTypeConfiguration<PolicyMinute>, IEntityTypeConfiguration<PolicyRound>, IEntityTypeConfiguration<PolicyCounted>,
    IEntityTypeConfiguration<PolicyApproval>, IEntityTypeConfiguration<PolicySwitch>, IEntityTypeConfiguration<PolicyLock>
{
    public void Configure(EntityTypeBuilder<PolicyDecision> builder)
    {
        builder.ToTable("policy_decisions").HasKey(x => x.Id);
        builder.Property(x => x.Id).ValueGeneratedNever();
        builder.Property(x => x.Rule).HasConversion<string>();
    }

    public void Configure(EntityTypeBuilder<PolicyMinute> builder) => builder.ToTable("policy_minutes").HasKey(x => new { x.Currency, x.Minute });

    public void Configure(EntityTypeBuilder<PolicyRound> builder) => builder.ToTable("policy_rounds").HasKey(x => new { x.RoundId, x.Currency });

    public void Configure(EntityTypeBuilder<PolicyCounted> builder) => builder.ToTable("policy_counted").HasKey(x => x.PayoutId);

    public void Configure(EntityTypeBuilder<PolicyApproval> builder) => builder.ToTable("policy_approvals").HasKey(x => new { x.PayoutId, x.ByWhom });

    public void Configure(EntityTypeBuilder<PolicySwitch> builder)
    {
        builder.ToTable("policy_switches").HasKey(x => x.Id);
        builder.Property(x => x.Id).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<PolicyLock> builder)
    {
        builder.ToTable("policy_lock").HasKey(x => x.Id);
        builder.Property(x => x.Id).ValueGeneratedNever();
    }
}
