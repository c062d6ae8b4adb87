using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Contracts;

namespace Payouts.Signer.Orders;

/// <summary>One debt as RoundResolved or DirectPayoutOrdered announced it first. Never changed afterwards: a signature may rest on it.</summary>
public sealed class Order
{
    /// <summary>Derived from network, contract and the contract's own key.</summary>
    public PayoutId PayoutId { get; init; }

    /// <summary>First part of the contract's key.</summary>
    public required string Context { get; init; }

    /// <summary>Second part of the contract's key.</summary>
    public uint PoolId { get; init; }

    /// <summary>Third part of the contract's key.</summary>
    public uint RoundNumber { get; init; }

    /// <summary>Who is paid, G...</summary>
    public required string Winner { get; init; }

    /// <summary>How much.</summary>
    public Stroops Amount { get; init; }

    /// <summary>In what, as the contract knows it.</summary>
    public required string Currency { get; init; }

    /// <summary>The game's name of the round that owes it; of a direct payout its reference with a prefix.</summary>
    public required string RoundId { get; init; }

    /// <summary>Of a direct payout: who ordered it, when a name was known.</summary>
    public string? OrderedBy { get; init; }

    /// <summary>Of a direct payout: why.</summary>
    public string? Reason { get; init; }

    /// <summary>True: no round owes it, it was ordered by itself.</summary>
    public bool IsDirect => DirectName.Is(RoundId);

    /// <summary>The debt in the words of the contracts.</summary>
    public PayoutOrder ToContract() => new()
    {
        Context = Context,
        PoolId = PoolId,
        RoundNumber = RoundNumber,
        Winner = Winner,
        Amount = Amount,
        Currency = Currency,
    };

    /// <summary>The debts that a resolved round announces.</summary>
    public static IReadOnlyList<Order> From(RoundResolved round, string networkPassphrase, string contract) =>
    [
        .. round.Payouts.Select(owed => new Order
        {
            PayoutId = PayoutId.Derive(networkPassphrase, contract, round.Context, round.PoolId, round.RoundNumber, owed.Winner),
            Context = round.Context,
            PoolId = round.PoolId,
            RoundNumber = round.RoundNumber,
            Winner = owed.Winner,
            Amount = owed.Amount,
            Currency = round.Currency,
            RoundId = round.RoundId,
        }),
    ];

    /// <summary>The debt that a direct payout is.</summary>
    public static Order From(DirectPayoutOrdered order, string networkPassphrase, string contract) => new()
    {
        PayoutId = PayoutId.Derive(networkPassphrase, contract, order.Context, order.PoolId, order.RoundNumber, order.Winner),
        Context = order.Context,
        PoolId = order.PoolId,
        RoundNumber = order.RoundNumber,
        Winner = order.Winner,
        Amount = order.Amount,
        Currency = order.Currency,
        RoundId = DirectName.Of(order.Reference),
        OrderedBy = order.OrderedBy,
        Reason = order.Reason,
    };
}

internal sealed class OrderConfiguration : IEntityTypeConfiguration<Order>
{
    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.ToTable("orders");
        builder.HasKey(x => x.PayoutId);
        builder.Property(x => x.PayoutId).ValueGeneratedNever();
        builder.Ignore(x => x.IsDirect);
        // Npgsql would take uint for PostgreSQL's internal transaction id.
        builder.Property(x => x.PoolId).HasConversion<long>();
        builder.Property(x => x.RoundNumber).HasConversion<long>();
    }
}
