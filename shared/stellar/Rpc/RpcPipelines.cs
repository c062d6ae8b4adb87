using System.Collections.Frozen;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Payouts.Stellar.Rpc;

/// <summary>One Polly pipeline for each method: reads are tried again, a send never is (its failover is its own), and each try has its time limit.</summary>
internal sealed class RpcPipelines
{
    private readonly FrozenDictionary<string, ResiliencePipeline> _pipelines;

    public RpcPipelines(SorobanRpcOptions options, TimeProvider time)
    {
        _pipelines = new Dictionary<string, ResiliencePipeline>
        {
            // An unhealthy server says so by an error: asking again would only delay the news.
            [RpcMethod.GetHealth] = Build(time, options.ReadTimeout, attemptsMax: options.Endpoints.Count, options.RetryDelay),
            [RpcMethod.GetNetwork] = Build(time, options.ReadTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.GetLatestLedger] = Build(time, options.ReadTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.GetVersionInfo] = Build(time, options.ReadTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.GetFeeStats] = Build(time, options.ReadTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.GetLedgerEntries] = Build(time, options.ReadTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.GetTransaction] = Build(time, options.ReadTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.GetTransactions] = Build(time, options.ScanTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.GetEvents] = Build(time, options.ScanTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.SimulateTransaction] = Build(time, options.SimulateTimeout, options.ReadAttemptsMax, options.RetryDelay),
            [RpcMethod.SendTransaction] = Build(time, options.SendTimeout, attemptsMax: 1, options.RetryDelay),
        }.ToFrozenDictionary();
    }

    public ResiliencePipeline For(string method) => _pipelines[method];

    private static ResiliencePipeline Build(TimeProvider time, TimeSpan timeout, int attemptsMax, TimeSpan delay)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (attemptsMax > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = attemptsMax - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = delay,
                ShouldHandle = new PredicateBuilder().Handle<TimeoutRejectedException>().Handle<SorobanRpcException>(e => e.IsTransient),
            });
        }

        return builder.AddTimeout(timeout).Build();
    }
}
