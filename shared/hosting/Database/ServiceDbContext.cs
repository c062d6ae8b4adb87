using System.Numerics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Payouts.Contracts;
using Payouts.Hosting.DeadLetters;

namespace Payouts.Hosting.Database;

/// <summary>
/// What every service's database has in common: dead letters as an entity, money as exact integers, time in UTC.
/// Inbox and outbox are written set-based by the dialects and have no entity.
/// </summary>
public abstract class ServiceDbContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>Messages that could not be handled.</summary>
    public DbSet<DeadLetter> DeadLetters => Set<DeadLetter>();

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<PayoutId>().HaveConversion<PayoutIdConverter>();
        // SQLite has no integer wider than 64 bits: there money is text. PostgreSQL has numeric.
        if (Database.ProviderName == "Microsoft.EntityFrameworkCore.Sqlite")
            configurationBuilder.Properties<Stroops>().HaveConversion<StroopsTextConverter>();
        else
            configurationBuilder.Properties<Stroops>().HaveConversion<StroopsNumericConverter>();
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DeadLetter>(letter =>
        {
            letter.ToTable("dead_letters");
            letter.HasKey(x => x.Id);
        });
        modelBuilder.ApplyConfigurationsFromAssembly(GetType().Assembly, type => type.Namespace?.StartsWith(GetType().Namespace!, StringComparison.Ordinal) == true);
    }

    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
        value => value.UtcDateTime, value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc)));

    private sealed class PayoutIdConverter() : ValueConverter<PayoutId, Guid>(value => value.Value, value => new PayoutId(value));

    private sealed class StroopsNumericConverter() : ValueConverter<Stroops, BigInteger>(
        value => (BigInteger)value.Value, value => new Stroops((Int128)value));

    private sealed class StroopsTextConverter() : ValueConverter<Stroops, string>(
        value => value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        value => new Stroops(Int128.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));
}
