using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Contracts;

namespace Payouts.Builder.Reconciling;

/// <summary>The two events that a payment leaves on the ledger.</summary>
public enum MovementKind
{
    /// <summary>The payout contract says that it paid.</summary>
    Payout,

    /// <summary>A token says that money left the treasury.</summary>
    Transfer,
}

/// <summary>One event of the ledger as the books keep it; never changed.</summary>
public sealed class LedgerMovement
{
    /// <summary>The ledger's own id of the event; its text order is the ledger's order.</summary>
    public required string EventId { get; init; }

    /// <summary>Which of the two.</summary>
    public MovementKind Kind { get; init; }

    /// <summary>The transaction, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The ledger.</summary>
    public uint Ledger { get; init; }

    /// <summary>The ledger's close time: its UTC day is the day of the payment.</summary>
    public DateTimeOffset ClosedAt { get; init; }

    /// <summary>Who was paid, G... or C...</summary>
    public required string Winner { get; init; }

    /// <summary>How much.</summary>
    public Stroops Amount { get; init; }

    /// <summary>In what: the installation's name of the token, or the token's address when it has none.</summary>
    public required string Currency { get; init; }

    /// <summary>The debt that the transaction's call names; null for a transfer and for a call that is none of ours.</summary>
    public Guid? PayoutId { get; init; }

    /// <summary>True when the same transaction shows the other event, alike: said to be paid, and paid.</summary>
    public bool Paired { get; init; }

    /// <summary>Why the call names no debt.</summary>
    public string? Detail { get; init; }

    /// <summary>True for what really paid a debt.</summary>
    public bool IsPayment => Kind == MovementKind.Payout && Paired;

    /// <summary>True for money that left the treasury, said in <see cref="Kind"/> Payout once only.</summary>
    public bool MovesMoney => IsPayment || (Kind == MovementKind.Transfer && !Paired);
}

/// <summary>Where the reading of the ledger stands.</summary>
public sealed class LedgerReading
{
    /// <summary>Which reading.</summary>
    public required string Name { get; init; }

    /// <summary>The last place that was taken in.</summary>
    public required string Cursor { get; set; }

    /// <summary>The first ledger that was read.</summary>
    public uint FirstLedger { get; init; }

    /// <summary>Every ledger up to this one is taken in, but for the gaps.</summary>
    public uint ThroughLedger { get; set; }

    /// <summary>The network's newest ledger at that time.</summary>
    public uint NetworkLedger { get; set; }

    /// <summary>When that was.</summary>
    public DateTimeOffset ReadAt { get; set; }

    /// <summary>Raised by every step; a second replica that read from the same place finds out here.</summary>
    public int Version { get; set; }
}

/// <summary>Ledgers that the network forgot before they were read.</summary>
public sealed class LedgerGap
{
    /// <summary>The first of them.</summary>
    public uint FromLedger { get; init; }

    /// <summary>The last of them.</summary>
    public uint ToLedger { get; init; }

    /// <summary>When it was found out.</summary>
    public DateTimeOffset FoundAt { get; init; }
}

internal sealed class LedgerMovementConfiguration : IEntityTypeConfiguration<LedgerMovement>
{
    public void Configure(EntityTypeBuilder<LedgerMovement> movement)
    {
        movement.ToTable("ledger_movements");
        movement.HasKey(x => x.EventId);
        movement.Property(x => x.Kind).HasConversion<string>();
        movement.Ignore(x => x.IsPayment);
        movement.Ignore(x => x.MovesMoney);
    }
}

internal sealed class LedgerReadingConfiguration : IEntityTypeConfiguration<LedgerReading>
{
    public void Configure(EntityTypeBuilder<LedgerReading> reading)
    {
        reading.ToTable("ledger_reading");
        reading.HasKey(x => x.Name);
        reading.Property(x => x.Version).IsConcurrencyToken();
    }
}

internal sealed class LedgerGapConfiguration : IEntityTypeConfiguration<LedgerGap>
{
    public void Configure(EntityTypeBuilder<LedgerGap> gap)
    {
        gap.ToTable("ledger_gaps");
        gap.HasKey(x => x.FromLedger);
        gap.Property(x => x.FromLedger).ValueGeneratedNever();
    }
}
