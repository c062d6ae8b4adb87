using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Storage;

/// <summary>An event that came before what it needs. It is applied by the transaction that makes it possible, or put aside when it waited too long.</summary>
internal sealed class ParkedEvent
{
    public Guid Id { get; init; }

    public required string RoundId { get; init; }

    public GameEventKind Kind { get; init; }

    /// <summary>The same content waits once, however often it was sent.</summary>
    public required string Digest { get; init; }

    public Guid MessageId { get; init; }

    /// <summary>The contract as JSON, UTF-8.</summary>
    public required byte[] Body { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }
}

internal sealed class ParkedEventConfiguration : IEntityTypeConfiguration<ParkedEvent>
{
    public void Configure(EntityTypeBuilder<ParkedEvent> parked)
    {
        parked.ToTable("parked_events");
        parked.HasKey(x => x.Id);
        parked.Property(x => x.Kind).HasConversion<string>();
    }
}
