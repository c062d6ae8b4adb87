using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Payouts.Signer.Answers;

/// <summary>
/// One signer's verified signature of an envelope that needs several. It belongs to the envelope, not to the request: whoever asks for the same envelope again finds it.
/// </summary>
public sealed class SourceSignature
{
    /// <summary>Of the envelope, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>Whose, G...; one of each key.</summary>
    public required string PublicKey { get; init; }

    /// <summary>64 bytes. Never logged.</summary>
    public required byte[] Signature { get; init; }

    /// <summary>The request that was answered with it.</summary>
    public Guid RequestId { get; init; }

    /// <summary>The message that brought it; null: it came over HTTP.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>One signer's no, of several signers.</summary>
public sealed class SourceRejection
{
    /// <summary>The request that was refused.</summary>
    public Guid RequestId { get; init; }

    /// <summary>Whose no, G...</summary>
    public required string PublicKey { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset At { get; init; }
}

internal sealed class SourceAnswersConfiguration : IEntityTypeConfiguration<SourceSignature>, IEntityTypeConfiguration<SourceRejection>
{
    public void Configure(EntityTypeBuilder<SourceSignature> builder) => builder.ToTable("source_signatures").HasKey(x => new { x.TransactionHash, x.PublicKey });

    public void Configure(EntityTypeBuilder<SourceRejection> builder) => builder.ToTable("source_rejections").HasKey(x => new { x.RequestId, x.PublicKey });
}
