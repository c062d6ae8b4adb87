using System.Net;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Tests.Judging;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Rpc;

/// <summary>
/// The whole table: every result code in every status, every error and every broken answer, alone and behind an answer that was lost. A code
/// that the table does not hold fails here.
/// </summary>
public sealed class When_every_answer_to_a_send_is_judged
{
    private const string Envelope = "AAAA-the-signed-envelope";
    private static readonly TransactionHash Hash = new(Enumerable.Repeat((byte)0xab, 32).ToArray());

    private static readonly Dictionary<TransactionResultCode, Acceptance> Refusals = new()
    {
        [TransactionResultCode.txFEE_BUMP_INNER_SUCCESS] = Acceptance.Unknown,
        [TransactionResultCode.txSUCCESS] = Acceptance.Unknown,
        [TransactionResultCode.txFAILED] = Acceptance.NotAccepted,
        [TransactionResultCode.txTOO_EARLY] = Acceptance.NotAccepted,
        [TransactionResultCode.txTOO_LATE] = Acceptance.Unknown,
        [TransactionResultCode.txMISSING_OPERATION] = Acceptance.NotAccepted,
        [TransactionResultCode.txBAD_SEQ] = Acceptance.Unknown,
        [TransactionResultCode.txBAD_AUTH] = Acceptance.NotAccepted,
        [TransactionResultCode.txINSUFFICIENT_BALANCE] = Acceptance.NotAccepted,
        [TransactionResultCode.txNO_ACCOUNT] = Acceptance.NotAccepted,
        [TransactionResultCode.txINSUFFICIENT_FEE] = Acceptance.NotAccepted,
        [TransactionResultCode.txBAD_AUTH_EXTRA] = Acceptance.NotAccepted,
        [TransactionResultCode.txINTERNAL_ERROR] = Acceptance.NotAccepted,
        [TransactionResultCode.txNOT_SUPPORTED] = Acceptance.NotAccepted,
        [TransactionResultCode.txFEE_BUMP_INNER_FAILED] = Acceptance.NotAccepted,
        [TransactionResultCode.txBAD_SPONSORSHIP] = Acceptance.NotAccepted,
        [TransactionResultCode.txBAD_MIN_SEQ_AGE_OR_GAP] = Acceptance.NotAccepted,
        [TransactionResultCode.txMALFORMED] = Acceptance.NotAccepted,
        [TransactionResultCode.txSOROBAN_INVALID] = Acceptance.NotAccepted,
        [TransactionResultCode.txFROZEN_KEY_ACCESSED] = Acceptance.NotAccepted,
    };

    private static readonly Answer[] Answers =
    [
        new("PENDING", Acceptance.Accepted, (rpc, host) => rpc.Answers(host, Status("PENDING"))),
        new("DUPLICATE", Acceptance.Accepted, (rpc, host) => rpc.Answers(host, Status("DUPLICATE"))),
        new("TRY_AGAIN_LATER", Acceptance.Unknown, (rpc, host) => rpc.Answers(host, Status("TRY_AGAIN_LATER"))),
        .. Enum.GetValues<TransactionResultCode>().Select(code => new Answer($"ERROR {code}", Refusals[code], (rpc, host) => rpc.Answers(host, Status("ERROR", Result(code))))),
        new("ERROR with a code of a later protocol", Acceptance.Unknown, (rpc, host) => rpc.Answers(host, Status("ERROR", "AAAAAAAAAPr///8AAAAAAA=="))),
        new("ERROR without a result", Acceptance.Unknown, (rpc, host) => rpc.Answers(host, Status("ERROR"))),
        new("a status that nobody knows", Acceptance.Unknown, (rpc, host) => rpc.Answers(host, Status("FILTERED"))),
        new("-32603 filtered, or any status that the server does not know", Acceptance.Unknown, (rpc, host) => rpc.Errors(host, -32603, "invalid status from stellar-core")),
        new("-32603 not submitted, perhaps", Acceptance.Unknown, (rpc, host) => rpc.Errors(host, -32603, "could not submit transaction to stellar-core")),
        new("-32603 core's exception", Acceptance.Unknown, (rpc, host) => rpc.Errors(host, -32603, "received exception from stellar-core")),
        new("-32001", Acceptance.Unknown, (rpc, host) => rpc.Errors(host, -32001, "request exceeded processing limit threshold")),
        new("-32003", Acceptance.Unknown, (rpc, host) => rpc.Errors(host, -32003, "request failed to process due to internal issue")),
        new("-32098", Acceptance.Unknown, (rpc, host) => rpc.Errors(host, -32098, "rpc queue for sendTransaction surpassed queue limit of 500 requests")),
        new("a code that nobody knows", Acceptance.Unknown, (rpc, host) => rpc.Errors(host, -1, "?")),
        new("-32700", Acceptance.NotAccepted, (rpc, host) => rpc.Errors(host, -32700, "parse error")),
        new("-32700 without an id", Acceptance.NotAccepted, (rpc, host) => rpc.Says(host, """{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"} }""")),
        new("-32600", Acceptance.NotAccepted, (rpc, host) => rpc.Errors(host, -32600, "invalid request")),
        new("-32601", Acceptance.NotAccepted, (rpc, host) => rpc.Errors(host, -32601, "no such method")),
        new("-32602", Acceptance.NotAccepted, (rpc, host) => rpc.Errors(host, -32602, "invalid_xdr")),
        new("the refusal of another request", Acceptance.Unknown, (rpc, host) => rpc.Says(host, """{"jsonrpc":"2.0","id":987654,"error":{"code":-32602,"message":"invalid_xdr"} }""")),
        .. new[] { 400, 403, 404, 408, 413, 429, 500, 502, 503, 504 }.Select(status =>
            new Answer($"HTTP {status}", Acceptance.Unknown, (rpc, host) => rpc.Status(host, (HttpStatusCode)status))),
        new("no such host", Acceptance.NotAccepted, (rpc, host) => rpc.Fails(host, HttpRequestError.NameResolutionError)),
        new("connection refused", Acceptance.NotAccepted, (rpc, host) => rpc.Fails(host, HttpRequestError.ConnectionError)),
        new("no TLS", Acceptance.NotAccepted, (rpc, host) => rpc.Fails(host, HttpRequestError.SecureConnectionError)),
        new("no tunnel", Acceptance.NotAccepted, (rpc, host) => rpc.Fails(host, HttpRequestError.ProxyTunnelError)),
        new("reset after sending", Acceptance.Unknown, (rpc, host) => rpc.Fails(host, HttpRequestError.ResponseEnded)),
        new("a protocol error", Acceptance.Unknown, (rpc, host) => rpc.Fails(host, HttpRequestError.HttpProtocolError)),
        new("any other failure", Acceptance.Unknown, (rpc, host) => rpc.Fails(host, HttpRequestError.Unknown)),
        new("no answer in time", Acceptance.Unknown, (rpc, host) => rpc.Hangs(host)),
        new("half a JSON", Acceptance.Unknown, (rpc, host) => rpc.Says(host, """{"jsonrpc":"2.0","id":1,"result":{"sta""")),
        new("no JSON", Acceptance.Unknown, (rpc, host) => rpc.Says(host, "<html>welcome</html>")),
        new("nothing", Acceptance.Unknown, (rpc, host) => rpc.Says(host, "")),
        new("another transaction's answer", Acceptance.Unknown, (rpc, host) => rpc.Answers(host, Status("PENDING").Replace("ab", "cd", StringComparison.Ordinal))),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => new(Answers.Select(a => a.Name));

    [Fact]
    public void Should_know_every_code() => Refusals.Keys.Order().ShouldBe(Enum.GetValues<TransactionResultCode>().Order());

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Names))]
    public async Task Should_say_accepted_not_accepted_or_unknown(string name)
    {
        var answer = Find(name);

        (await SendAsync(answer.Of(new FakeRpc(), FakeRpc.First))).Acceptance.ShouldBe(answer.Means);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("PENDING", Acceptance.Accepted)]
    [InlineData("DUPLICATE", Acceptance.Accepted)]
    [InlineData("TRY_AGAIN_LATER", Acceptance.Unknown)]
    public async Task Should_go_by_the_status_whatever_result_stands_beside_it(string status, Acceptance means)
    {
        foreach (var code in Enum.GetValues<TransactionResultCode>())
        {
            (await SendAsync(new FakeRpc().Answers(FakeRpc.First, Status(status, Result(code))))).Acceptance.ShouldBe(means, $"{status} {code}");
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_go_by_the_inner_code_of_a_refused_fee_bump()
    {
        foreach (var arm in XdrTypes.Arms(typeof(InnerTransactionResultResult)).Values)
        {
            var inner = (InnerTransactionResultResult)Construct(arm);
            var result = FeeBump(pair => new TransactionResultResult.TxFeeBumpInnerFailed(pair), inner);

            (await SendAsync(new FakeRpc().Answers(FakeRpc.First, Status("ERROR", result)))).Acceptance.ShouldBe(Refusals[inner.Discriminant], $"{inner.Discriminant}");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_stay_unknown_behind_a_lost_answer_unless_a_node_has_it()
    {
        var pairs = Answers.Where(a => a.IsLost).SelectMany(lost => Answers.Select(next => (lost, next))).ToList();
        pairs.Count.ShouldBeGreaterThan(1000);
        await Parallel.ForEachAsync(pairs, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Token }, async (pair, _) =>
        {
            var rpc = pair.next.Of(pair.lost.Of(new FakeRpc(), FakeRpc.First), FakeRpc.Second);

            var outcome = await SendAsync(rpc);

            outcome.Acceptance.ShouldBe(
                pair.next.Means == Acceptance.Accepted ? Acceptance.Accepted : Acceptance.Unknown, $"{pair.lost.Name}, then {pair.next.Name}");
            rpc.Requests.Select(r => r.Host).ShouldBe([FakeRpc.First, FakeRpc.Second]);
        });
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_mean_what_the_next_endpoint_says_when_the_first_was_not_reached()
    {
        foreach (var next in Answers)
        {
            (await SendAsync(next.Of(new FakeRpc().Fails(FakeRpc.First, HttpRequestError.ConnectionError), FakeRpc.Second))).Acceptance.ShouldBe(next.Means, next.Name);
        }
    }

    private static Answer Find(string name) => Answers.Single(a => a.Name == name);

    private static Task<SendOutcome> SendAsync(FakeRpc rpc) => rpc.Client(TimeSpan.FromSeconds(1)).SendTransactionAsync(Envelope, Hash, Token);

    private static string Status(string status, string? result = null) =>
        $$"""{"status":"{{status}}","hash":"{{Hash}}","latestLedger":9,"latestLedgerCloseTime":"1782907200"{{(result is null ? "" : $",\"errorResultXdr\":\"{result}\"")}}}""";

    private static string Result(TransactionResultCode code) => code switch
    {
        TransactionResultCode.txFEE_BUMP_INNER_SUCCESS => FeeBump(pair => new TransactionResultResult.TxFeeBumpInnerSuccess(pair), new InnerTransactionResultResult.TxSuccess([])),
        TransactionResultCode.txFEE_BUMP_INNER_FAILED => FeeBump(pair => new TransactionResultResult.TxFeeBumpInnerFailed(pair), new InnerTransactionResultResult.TxFailed([])),
        _ => Encode((TransactionResultResult)Construct(XdrTypes.Arms(typeof(TransactionResultResult))[(int)code])),
    };

    private static string FeeBump(Func<InnerTransactionResultPair, TransactionResultResult> arm, InnerTransactionResultResult inner) =>
        Encode(arm(new InnerTransactionResultPair(Hash.ToXdr(), new InnerTransactionResult(0, inner, new InnerTransactionResultExt.V0()))));

    private static string Encode(TransactionResultResult result) => XdrCodec.ToBase64(new TransactionResult(100, result, new TransactionResultExt.V0()));

    // An arm without a value, or with an empty list of operation results.
    private static object Construct(Type arm) =>
        XdrTypes.Constructor(arm).Invoke(XdrTypes.Parameters(arm).Length == 0 ? [] : [XdrArray<OperationResult>.Empty]);

    /// <summary>One way to answer, and what it means alone.</summary>
    private sealed record Answer(string Name, Acceptance Means, Func<FakeRpc, string, FakeRpc> Of)
    {
        /// <summary>No status came: the node may have acted, and the next endpoint is asked.</summary>
        public bool IsLost => Means == Acceptance.Unknown && Name != "TRY_AGAIN_LATER" && !(Name.StartsWith("ERROR ", StringComparison.Ordinal) && Name != "ERROR without a result");
    }
}
