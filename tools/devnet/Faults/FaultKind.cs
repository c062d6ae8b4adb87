using System.Text.Json.Serialization;

namespace Payouts.Devnet.Faults;

[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>The call is executed, then the connection breaks: the client cannot know.</summary>
    LostReply,

    /// <summary>The connection breaks before anything is executed: for the client the same picture.</summary>
    LostRequest,

    /// <summary>The call waits <see cref="FaultRule.LatencyMs"/> first.</summary>
    Latency,

    /// <summary>HTTP 429, not executed.</summary>
    TooManyRequests,

    /// <summary>HTTP 503, not executed (the global queue of the RPC is full).</summary>
    ServiceUnavailable,

    /// <summary>HTTP 504 after execution: the request time limit struck while the call went through.</summary>
    GatewayTimeout,

    /// <summary>The answer comes from a node <see cref="FaultRule.Ledgers"/> ledgers behind.</summary>
    LaggingNode,

    /// <summary>No ledger closes.</summary>
    LedgerStall,

    /// <summary>Inclusion needs at least <see cref="FaultRule.FeeStroops"/> per operation; cheaper transactions wait and age out.</summary>
    FeeSurge,

    /// <summary>The queue takes nothing new: TRY_AGAIN_LATER and a ban, or txINSUFFICIENT_FEE when <see cref="FaultRule.FeeStroops"/> is set.</summary>
    QueueFull,

    /// <summary>History older than <see cref="FaultRule.Ledgers"/> ledgers has expired: hashes answer NOT_FOUND though they are on the ledger.</summary>
    ExpiredRetention,

    /// <summary>Simulations that meet archived entries answer with a restorePreamble, as before protocol 23, not with autorestore indexes.</summary>
    RestorePreamble,

    /// <summary>stellar-core filters the transaction: -32603 "invalid status from stellar-core".</summary>
    Filtered,
}
