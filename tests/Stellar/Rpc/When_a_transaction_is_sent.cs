using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Rpc;

public sealed class When_a_transaction_is_sent
{
    private const string Xdr = "AAAA-the-signed-envelope";
    private static readonly TransactionHash Hash = new(Enumerable.Repeat((byte)0xab, 32).ToArray());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task Should_tell_what_the_node_said()
    {
        var refusal = XdrCodec.ToBase64(new TransactionResult(250, new TransactionResultResult.TxInsufficientFee(), new TransactionResultExt.V0()));

        (await Send(Answer("PENDING"))).ShouldBe(new SendOutcome.Pending(9));
        (await Send(Answer("DUPLICATE"))).ShouldBe(new SendOutcome.Duplicate(9));
        (await Send(Answer("TRY_AGAIN_LATER"))).ShouldBe(new SendOutcome.TryAgainLater(9));
        var refused = (await Send(Answer("ERROR", $",\"errorResultXdr\":\"{refusal}\""))).ShouldBeOfType<SendOutcome.Refused>();
        (refused.Code, refused.FeeCharged).ShouldBe((TransactionResultCode.txINSUFFICIENT_FEE, 250L));
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_stay_a_refusal_when_the_result_is_of_a_later_protocol()
    {
        var refused = (await Send(Answer("ERROR", ",\"errorResultXdr\":\"AAAAAAAAAPr///8AAAAAAA==\""))).ShouldBeOfType<SendOutcome.Refused>();

        refused.Code.ShouldBeNull();
    }

    [Theory(Timeout = 30_000)]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    public async Task Should_know_that_it_was_not_sent_when_no_connection_was_made(HttpRequestError error) =>
        (await new FakeRpc().Fails(FakeRpc.First, error).Client().SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType<SendOutcome.NotSent>();

    [Theory(Timeout = 30_000)]
    [InlineData(-32602, "invalid_xdr")]
    [InlineData(-32601, "no such method")]
    public async Task Should_know_that_it_was_not_sent_when_the_request_was_refused_unread(int code, string message) =>
        (await new FakeRpc().Errors(FakeRpc.First, code, message).Client().SendTransactionAsync(Xdr, Hash, Token))
            .ShouldBeOfType<SendOutcome.NotSent>().Reason.ShouldContain(message);

    [Theory(Timeout = 30_000)]
    [InlineData(-32603, "could not submit transaction to stellar-core")]
    [InlineData(-32603, "invalid status from stellar-core")]
    [InlineData(-32001, "request exceeded processing limit threshold")]
    [InlineData(-32098, "rpc queue for sendTransaction surpassed queue limit of 500 requests")]
    public async Task Should_call_an_internal_error_unknown(int code, string message) =>
        (await new FakeRpc().Errors(FakeRpc.First, code, message).Client().SendTransactionAsync(Xdr, Hash, Token))
            .ShouldBeOfType<SendOutcome.Unknown>().Reason.ShouldContain(message);

    [Theory(Timeout = 30_000)]
    [InlineData(HttpRequestError.ResponseEnded)]
    [InlineData(HttpRequestError.Unknown)]
    [InlineData(HttpRequestError.HttpProtocolError)]
    public async Task Should_call_a_lost_reply_unknown(HttpRequestError error) =>
        (await new FakeRpc().Fails(FakeRpc.First, error).Client().SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType<SendOutcome.Unknown>();

    [Theory(Timeout = 30_000)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Should_call_an_http_error_unknown(HttpStatusCode status) =>
        (await new FakeRpc().Status(FakeRpc.First, status).Client().SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType<SendOutcome.Unknown>();

    [Fact(Timeout = 30_000)]
    public async Task Should_call_a_timeout_unknown() =>
        (await new FakeRpc().Hangs(FakeRpc.First).Client(TimeSpan.FromMilliseconds(50)).SendTransactionAsync(Xdr, Hash, Token))
            .ShouldBeOfType<SendOutcome.Unknown>().Reason.ShouldContain("no answer within");

    [Theory(Timeout = 30_000)]
    [InlineData("<html>welcome</html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"jsonrpc":"2.0","id":123456,"result":{"status":"PENDING"}}""")]
    public async Task Should_call_an_answer_that_makes_no_sense_unknown(string body) =>
        (await new FakeRpc().Says(FakeRpc.First, body).Client().SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType<SendOutcome.Unknown>();

    [Fact(Timeout = 30_000)]
    public async Task Should_not_believe_an_answer_about_another_transaction()
    {
        var other = new FakeRpc().Answers(FakeRpc.First, $$"""{"status":"PENDING","hash":"{{new string('0', 64)}}","latestLedger":9}""");

        (await other.Client().SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType<SendOutcome.Unknown>().Reason.ShouldContain("another transaction");
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_send_the_identical_envelope_to_the_next_endpoint()
    {
        var rpc = new FakeRpc().Fails(FakeRpc.First, HttpRequestError.ConnectionError).Answers(FakeRpc.Second, Answer("PENDING"));

        (await rpc.Client().SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType<SendOutcome.Pending>();

        rpc.Requests.Select(r => r.Host).ShouldBe([FakeRpc.First, FakeRpc.Second]);
        foreach (var (_, body) in rpc.Requests)
        {
            using var json = JsonDocument.Parse(body);
            json.RootElement.GetProperty("params").GetProperty("transaction").GetString().ShouldBe(Xdr);
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData("PENDING", typeof(SendOutcome.Pending))]
    [InlineData("DUPLICATE", typeof(SendOutcome.Duplicate))]
    [InlineData("TRY_AGAIN_LATER", typeof(SendOutcome.Unknown))]
    [InlineData("ERROR", typeof(SendOutcome.Unknown))]
    public async Task Should_let_no_later_refusal_hide_an_earlier_silence(string status, Type expected)
    {
        var badSequence = XdrCodec.ToBase64(new TransactionResult(0, new TransactionResultResult.TxBadSeq(), new TransactionResultExt.V0()));
        var rpc = new FakeRpc()
            .Status(FakeRpc.First, HttpStatusCode.GatewayTimeout)
            .Answers(FakeRpc.Second, Answer(status, $",\"errorResultXdr\":\"{badSequence}\""));

        (await rpc.Client().SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType(expected);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_stay_unknown_when_another_endpoint_was_not_reached(bool lostFirst)
    {
        var rpc = lostFirst
            ? new FakeRpc().Hangs(FakeRpc.First).Fails(FakeRpc.Second, HttpRequestError.ConnectionError)
            : new FakeRpc().Fails(FakeRpc.First, HttpRequestError.ConnectionError).Hangs(FakeRpc.Second);

        (await rpc.Client(TimeSpan.FromMilliseconds(50)).SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType<SendOutcome.Unknown>();
        rpc.Requests.Count.ShouldBe(2);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_tell_a_closed_port_from_a_connection_that_broke()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using var http = new HttpClient();
        var client = new SorobanRpcClient(http, new SorobanRpcOptions { Endpoints = [address] }, TimeProvider.System);

        var sending = client.SendTransactionAsync(Xdr, Hash, Token);
        using (var connection = await listener.AcceptTcpClientAsync(Token))
        {
            // Read some of the request, so that it was sent, then hang up without an answer.
            var read = await connection.GetStream().ReadAsync(new byte[16], Token);
            read.ShouldBeGreaterThan(0);
        }

        (await sending).ShouldBeOfType<SendOutcome.Unknown>();
        listener.Stop();
        (await client.SendTransactionAsync(Xdr, Hash, Token)).ShouldBeOfType<SendOutcome.NotSent>();
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_let_a_cancellation_through()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var rpc = new FakeRpc().Replies(FakeRpc.First, async (_, token) =>
        {
            await cancelled.CancelAsync();
            token.ThrowIfCancellationRequested();
            throw new InvalidOperationException("unreachable");
        });

        await Should.ThrowAsync<OperationCanceledException>(() => rpc.Client().SendTransactionAsync(Xdr, Hash, cancelled.Token));
        rpc.Calls.ShouldHaveSingleItem().Outcome.ShouldBe(SorobanRpcCallOutcome.Cancelled);
    }

    private static string Answer(string status, string more = "") =>
        $$"""{"status":"{{status}}","hash":"{{Hash}}","latestLedger":9,"latestLedgerCloseTime":"1782907200"{{more}}}""";

    private static Task<SendOutcome> Send(string result) => new FakeRpc().Answers(FakeRpc.First, result).Client().SendTransactionAsync(Xdr, Hash, Token);
}
