using System.Collections;
using System.Runtime.CompilerServices;

namespace Payouts.Stellar.Xdr;

/// <summary>An immutable array that is equal when its elements are, in order. Written as a collection expression: <c>[a, b]</c>.</summary>
[CollectionBuilder(typeof(XdrArray), nameof(XdrArray.Create))]
public sealed class XdrArray<T> : IReadOnlyList<T>, IEquatable<XdrArray<T>>
{
    private readonly T[] _items;

    internal XdrArray(T[] owned) => _items = owned;

    public static XdrArray<T> Empty { get; } = new([]);

    public int Count => _items.Length;

    public ReadOnlySpan<T> Span => _items;

    public T this[int index] => _items[index];

    public static bool operator ==(XdrArray<T>? left, XdrArray<T>? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(XdrArray<T>? left, XdrArray<T>? right) => !(left == right);

    public bool Equals(XdrArray<T>? other) => other is not null && Span.SequenceEqual(other.Span, EqualityComparer<T>.Default);

    public override bool Equals(object? obj) => Equals(obj as XdrArray<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", _items)}]";
}

/// <summary>Makes <see cref="XdrArray{T}"/> from collection expressions and sequences.</summary>
public static class XdrArray
{
    public static XdrArray<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? XdrArray<T>.Empty : new(items.ToArray());

    public static XdrArray<T> ToXdrArray<T>(this IEnumerable<T> items) => Create<T>(items.ToArray());
}
