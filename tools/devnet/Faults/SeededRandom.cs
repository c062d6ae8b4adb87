namespace Payouts.Devnet.Faults;

/// <summary>The same numbers from the same seed in every process. HashCode would not do: it is salted anew in each one.</summary>
public static class SeededRandom
{
    /// <param name="purpose">Keeps two users of one seed apart.</param>
    public static Random Of(long seed, int purpose) => new(unchecked(((int)(seed ^ (seed >>> 32)) * 397) ^ purpose));
}
