using System.Net;
using Payouts.Stellar.Rpc;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Rpc;

public sealed class When_an_endpoint_fails
{
    private const string NetworkAnswer = """{"passphrase":"Test SDF Network ; September 2015","protocolVersion":28}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task Should_read_from_the_next_one_and_stay_there()
    {
        var rpc = new FakeRpc().Status(FakeRpc.First, HttpStatusCode.BadGateway).Answers(FakeRpc.Second, NetworkAnswer);
        var client = rpc.Client();

        (await client.GetNetworkAsync(Token)).Passphrase.ShouldBe(Network.Testnet.Passphrase);
        (await client.GetNetworkAsync(Token)).ProtocolVersion.ShouldBe(28);

        rpc.Requests.Select(r => r.Host).ShouldBe([FakeRpc.First, FakeRpc.Second, FakeRpc.Second]);
        rpc.Calls.Select(c => (c.Method, c.Endpoint, c.Outcome)).ShouldBe(
        [
            ("getNetwork", FakeRpc.First, SorobanRpcCallOutcome.HttpStatus),
            ("getNetwork", FakeRpc.Second, SorobanRpcCallOutcome.Success),
            ("getNetwork", FakeRpc.Second, SorobanRpcCallOutcome.Success),
        ]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_give_up_after_the_configured_attempts()
    {
        var rpc = new FakeRpc().Status(FakeRpc.First, HttpStatusCode.ServiceUnavailable);

        var error = await Should.ThrowAsync<SorobanRpcException>(() => rpc.Client(readAttemptsMax: 4).GetFeeStatsAsync(Token));

        rpc.Requests.Count.ShouldBe(4);
        (error.Kind, error.Code, error.Method, error.Endpoint).ShouldBe((SorobanRpcErrorKind.HttpStatus, 503, "getFeeStats", FakeRpc.First));
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_not_repeat_a_request_that_was_refused_for_what_it_says()
    {
        var rpc = new FakeRpc().Errors(FakeRpc.First, -32600, "startLedger must be within the ledger range: 100 - 200");

        var error = await Should.ThrowAsync<SorobanRpcException>(() =>
            rpc.Client().GetTransactionsAsync(new ScanStart.AtLedger(5), 10, Token));

        rpc.Requests.Count.ShouldBe(1);
        (error.IsTransient, error.LedgerRange).ShouldBe((false, (100u, 200u)));
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_time_out_each_try_and_name_the_limit()
    {
        var rpc = new FakeRpc().Hangs(FakeRpc.First);

        var error = await Should.ThrowAsync<SorobanRpcException>(() => rpc.Client(TimeSpan.FromMilliseconds(50), 2).GetNetworkAsync(Token));

        (error.Kind, error.Detail).ShouldBe((SorobanRpcErrorKind.Timeout, "no answer within 0.05 s"));
        rpc.Calls.Select(c => c.Outcome).ShouldBe([SorobanRpcCallOutcome.Timeout, SorobanRpcCallOutcome.Timeout]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_never_show_the_path_of_the_address_which_may_hold_a_key()
    {
        var rpc = new FakeRpc().Status(FakeRpc.First, HttpStatusCode.Forbidden);

        var error = await Should.ThrowAsync<SorobanRpcException>(() => rpc.Client().GetNetworkAsync(Token));

        error.ToString().ShouldNotContain("secret-key");
        rpc.Calls.ShouldAllBe(c => !c.Endpoint.Contains("secret-key"));
        rpc.Requests.Count.ShouldBe(1, "a 403 is not transient");
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_pass_on_the_news_of_an_unhealthy_server()
    {
        var rpc = new FakeRpc().Errors(FakeRpc.First, -32603, "latency (40s) since last known ledger closed is too high (>30s)");

        (await Should.ThrowAsync<SorobanRpcException>(() => rpc.Client().GetHealthAsync(Token))).Detail.ShouldContain("too high");
        rpc.Requests.Count.ShouldBe(1);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_find_the_endpoint_on_another_network()
    {
        var rpc = new FakeRpc()
            .Answers(FakeRpc.First, NetworkAnswer)
            .Answers(FakeRpc.Second, """{"passphrase":"Public Global Stellar Network ; September 2015","protocolVersion":28}""")
            .Fails("https://third.example", HttpRequestError.NameResolutionError);

        var checks = await rpc.Client(readAttemptsMax: 1).CheckEndpointsAsync(Network.Testnet, Token);

        checks[0].ShouldBeOfType<EndpointCheck.Right>();
        checks[1].ShouldBe(new EndpointCheck.WrongNetwork(FakeRpc.Second, Network.Public.Passphrase));
        checks[2].ShouldBeOfType<EndpointCheck.NoAnswer>();
    }

    [Fact]
    public void Should_refuse_options_that_cannot_work()
    {
        Refused(new SorobanRpcOptions { Endpoints = [] });
        Refused(new SorobanRpcOptions { Endpoints = [new Uri("ftp://x")] });
        Refused(new SorobanRpcOptions { Endpoints = [new Uri(FakeRpc.First)], ReadTimeout = TimeSpan.Zero });
        Refused(new SorobanRpcOptions { Endpoints = [new Uri(FakeRpc.First)], ReadAttemptsMax = 0 });

        static void Refused(SorobanRpcOptions options) =>
            Should.Throw<ArgumentException>(() => new SorobanRpcClient(new HttpClient(), options, TimeProvider.System));
    }
}
