namespace Payouts.Hosting.Database;

internal static class ExceptionChain
{
    /// <summary>The exception and everything inside it: drivers wrap the fact that decides.</summary>
    public static IEnumerable<Exception> Chain(this Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
            yield return current;
    }
}
