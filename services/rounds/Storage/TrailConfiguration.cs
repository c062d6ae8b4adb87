using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Storage;

internal sealed class TrailEntryConfiguration : IEntityTypeConfiguration<TrailEntry>
{
    public void Configure(EntityTypeBuilder<TrailEntry> entry)
    {
        entry.ToTable("round_trail");
        entry.HasKey(x => new { x.RoundId, x.Seq });
    }
}

internal sealed class RoundResolutionConfiguration : IEntityTypeConfiguration<RoundResolution>
{
    public void Configure(EntityTypeBuilder<RoundResolution> resolution)
    {
        resolution.ToTable("round_resolutions");
        resolution.HasKey(x => x.RoundId);
    }
}

internal sealed class TrailCheckpointConfiguration : IEntityTypeConfiguration<TrailCheckpoint>
{
    public void Configure(EntityTypeBuilder<TrailCheckpoint> checkpoint)
    {
        checkpoint.ToTable("trail_checkpoints");
        checkpoint.HasKey(x => x.Seq);
        checkpoint.Property(x => x.Seq).ValueGeneratedNever();
    }
}

internal sealed class CheckpointHeadConfiguration : IEntityTypeConfiguration<CheckpointHead>
{
    public void Configure(EntityTypeBuilder<CheckpointHead> head)
    {
        head.ToTable("trail_checkpoint_heads");
        head.HasKey(x => new { x.Checkpoint, x.RoundId });
    }
}
