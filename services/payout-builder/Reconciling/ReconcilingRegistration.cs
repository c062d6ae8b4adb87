namespace Payouts.Builder.Reconciling;

internal static class ReconcilingRegistration
{
    /// <summary>The books: what is read from the ledger, and the comparing.</summary>
    public static void AddReconciling(this IServiceCollection services, ReconcilingOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<Books>();
        services.AddSingleton<ReportBuilder>();
        services.AddHostedService<TreasuryReader>();
        services.AddHostedService<BookSweep>();
    }
}
