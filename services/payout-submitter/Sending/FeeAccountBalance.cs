using Payouts.Hosting.Background;
using Payouts.Stellar.Rpc;

namespace Payouts.Submitter.Sending;

/// <summary>Shows what the account has that pays for fee bumps; without such an account there is nothing to show.</summary>
public sealed class FeeAccountBalance(ISorobanRpcClient rpc, SubmitterOptions options, TimeProvider time, ILogger<FeeAccountBalance> logger)
    : MeasuringLoop("reading the fee account's balance", time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task MeasureAsync(CancellationToken cancellationToken)
    {
        // An account that does not exist can pay nothing.
        if (options.FeeAccount is { } account)
            SubmitterMetrics.FeeAccountBalance.Set((await rpc.GetAccountAsync(account, cancellationToken)).Balance ?? 0);
    }
}
