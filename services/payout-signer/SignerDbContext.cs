using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Signer.Answers;
using Payouts.Signer.Orders;
using Payouts.Signer.Requests;

namespace Payouts.Signer;

/// <summary>What payout-signer remembers: what is owed, and what it was asked to sign.</summary>
public sealed class SignerDbContext(DbContextOptions<SignerDbContext> options) : ServiceDbContext(options)
{
    /// <summary>The signer's own copy of every debt.</summary>
    public DbSet<Order> Orders => Set<Order>();

    /// <summary>Every transaction that was asked to be signed, and what became of it.</summary>
    public DbSet<SignRequest> SignRequests => Set<SignRequest>();

    /// <summary>Signatures of envelopes that need several.</summary>
    public DbSet<SourceSignature> SourceSignatures => Set<SourceSignature>();

    /// <summary>Who of several signers said no.</summary>
    public DbSet<SourceRejection> SourceRejections => Set<SourceRejection>();
}
