using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Payouts.Contracts;

namespace Payouts.Hosting.Database;

/// <summary>The further winners of a transaction as a text column: JSON, or null for none.</summary>
public static class SharesColumn
{
    /// <summary>To and from JSON.</summary>
    public static ValueConverter<IReadOnlyList<PayoutShare>?, string?> Converter { get; } = new(
        shares => shares == null ? null : JsonSerializer.Serialize(shares, ContractsJson.Options),
        text => text == null ? null : JsonSerializer.Deserialize<List<PayoutShare>>(text, ContractsJson.Options));

    /// <summary>A list is replaced, never changed.</summary>
    public static ValueComparer<IReadOnlyList<PayoutShare>?> Comparer { get; } =
        new((one, other) => ReferenceEquals(one, other), shares => shares == null ? 0 : shares.Count, shares => shares);
}
