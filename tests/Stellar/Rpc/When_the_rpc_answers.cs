using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Rpc;

public sealed class When_the_rpc_answers
{
    private static readonly TransactionHash Hash = Sample.Payout().Hash(Network.Testnet);
    private static readonly string Envelope = Sample.Payout().ToBase64();
    private static readonly string Success = XdrCodec.ToBase64(new TransactionResult(100, new TransactionResultResult.TxSuccess([]), new TransactionResultExt.V0()));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task Should_read_health_with_and_without_close_times()
    {
        var old = await Client("""{"status":"healthy","latestLedger":50,"oldestLedger":10,"ledgerRetentionWindow":40}""").GetHealthAsync(Token);
        var recent = await Client(
            """{"status":"healthy","latestLedger":50,"latestLedgerCloseTime":"1700000000","oldestLedger":10,"oldestLedgerCloseTime":"1600000000","ledgerRetentionWindow":40}""")
            .GetHealthAsync(Token);

        old.ShouldBe(new Health(50, null, 10, null, 40));
        recent.LatestLedgerCloseTime.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_read_numbers_inside_strings()
    {
        var distribution = """
            {"max":"210","min":"100","mode":"100","p10":"100","p20":"100","p30":"100","p40":"100","p50":"101","p60":"100","p70":"100","p80":"100",
             "p90":"120","p95":"190","p99":"200","transactionCount":"10","ledgerCount":50}
            """;

        var stats = await Client($$"""{"sorobanInclusionFee":{{distribution}},"inclusionFee":{{distribution}},"latestLedger":4519945}""").GetFeeStatsAsync(Token);

        (stats.SorobanInclusionFee.P50, stats.SorobanInclusionFee.P99, stats.InclusionFee.LedgerCount).ShouldBe((101, 200, 50u));
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_read_the_latest_ledger_and_version_of_old_and_new_servers()
    {
        var old = await Client("""{"id":"ab","protocolVersion":22,"sequence":7}""").GetLatestLedgerAsync(Token);
        var recent = await Client("""{"id":"ab","protocolVersion":28,"sequence":7,"closeTime":"1700000000","headerXdr":"AAAA","metadataXdr":"AAAA"}""")
            .GetLatestLedgerAsync(Token);
        var version = await Client("""{"version":"27.1.1","commitHash":"c","buildTimestamp":"t","captiveCoreVersion":"v","protocolVersion":27}""")
            .GetVersionInfoAsync(Token);

        (old.Sequence, old.CloseTime, old.Header).ShouldBe((7u, null, null));
        recent.Header!.Value.TryDecode(out _).ShouldBeFalse("four bytes are no header, and that must not hide the sequence");
        (version.Version, version.ProtocolVersion).ShouldBe(("27.1.1", 27));
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_read_an_account_and_the_ledger_it_was_read_at()
    {
        var account = new AccountEntry(
            Sample.Key.Winner is Address.Account winner ? winner.Id.ToXdr() : throw new InvalidOperationException(), 500_0000000, 1001, 0, null, 0, new String32(""),
            new Thresholds(new XdrBytes([1, 0, 0, 0])), [], new AccountEntryExt.V0());
        var key = XdrCodec.ToBase64(new LedgerKey.Account(new LedgerKeyAccount(winner.Id.ToXdr())));
        var data = XdrCodec.ToBase64(new LedgerEntryData.Account(account));

        var found = await Client($$"""{"entries":[{"key":"{{key}}","xdr":"{{data}}","lastModifiedLedgerSeq":3,"extXdr":"AAAAAA=="}],"latestLedger":77}""")
            .GetAccountAsync(winner.Id, Token);
        var missing = await Client("""{"entries":[],"latestLedger":78}""").GetAccountAsync(winner.Id, Token);
        var omitted = await Client("""{"entries":null,"latestLedger":79}""").GetAccountAsync(winner.Id, Token);

        (found.SequenceNumber, found.Balance, found.LatestLedger).ShouldBe((1001, 500_0000000, 77u));
        (missing.Account, missing.LatestLedger, omitted.LatestLedger).ShouldBe((null, 78u, 79u));
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_not_take_the_zero_values_of_not_found_for_a_transaction()
    {
        var lookup = await Client($$"""
            {"status":"NOT_FOUND","txHash":"{{Hash}}","latestLedger":50,"latestLedgerCloseTime":"1700000000","oldestLedger":10,"oldestLedgerCloseTime":"1600000000",
             "applicationOrder":0,"feeBump":false,"events":{},"ledger":0,"createdAt":"0"}
            """).GetTransactionAsync(Hash, Token);

        lookup.ShouldBeOfType<TransactionLookup.NotFound>().Window.LatestLedger.ShouldBe(50u);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("SUCCESS", TransactionStatus.SUCCESS, "\"1690000000\"")]
    [InlineData("FAILED", TransactionStatus.FAILED, "1690000000")]
    public async Task Should_read_a_transaction_even_when_its_metadata_is_of_a_later_protocol(string status, TransactionStatus expected, string createdAt)
    {
        var lookup = await Client($$"""
            {"status":"{{status}}","txHash":"{{Hash}}","latestLedger":50,"latestLedgerCloseTime":"1700000000","oldestLedger":10,"oldestLedgerCloseTime":"1600000000",
             "applicationOrder":3,"feeBump":true,"events":{"contractEventsXdr":[["AAAA"],[]]},"ledger":44,"createdAt":{{createdAt}},
             "envelopeXdr":"{{Envelope}}","resultXdr":"{{Success}}","resultMetaXdr":"AAAAYw=="}
            """).GetTransactionAsync(Hash, Token);

        var transaction = lookup.ShouldBeOfType<TransactionLookup.Found>().Transaction;
        (transaction.Status, transaction.Ledger, transaction.IsFeeBump, transaction.CreatedAt.ToUnixTimeSeconds()).ShouldBe((expected, 44u, true, 1690000000));
        EnvelopeHash.Of(transaction.Envelope.Decode(), Network.Testnet).ShouldBe(Hash);
        transaction.Result.Decode().FeeCharged.ShouldBe(100);
        transaction.Meta.TryDecode(out _).ShouldBeFalse();
        transaction.ContractEvents.Select(e => e.Count).ShouldBe([1, 0]);
        transaction.ToString().ShouldNotContain(Envelope);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_not_take_an_answer_about_another_hash()
    {
        var client = Client($$"""{"status":"NOT_FOUND","txHash":"{{new string('0', 64)}}","latestLedger":1}""");

        (await Should.ThrowAsync<SorobanRpcException>(() => client.GetTransactionAsync(Hash, Token))).Kind.ShouldBe(SorobanRpcErrorKind.InvalidResponse);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_name_a_promised_key_that_is_missing()
    {
        var client = Client($$"""{"status":"SUCCESS","txHash":"{{Hash}}","latestLedger":1}""");

        (await Should.ThrowAsync<SorobanRpcException>(() => client.GetTransactionAsync(Hash, Token))).Detail.ShouldBe("the answer has no 'latestLedgerCloseTime'");
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_scan_transactions_whose_times_are_named_and_typed_otherwise()
    {
        var rpc = new FakeRpc().Answers(FakeRpc.First, $$"""
            {"transactions":[{"status":"SUCCESS","txHash":"{{Hash}}","applicationOrder":1,"feeBump":false,"ledger":44,"createdAt":1690000000,
              "envelopeXdr":"{{Envelope}}","resultXdr":"{{Success}}","resultMetaXdr":"AAAA"}],
             "latestLedger":50,"latestLedgerCloseTimestamp":1700000000,"oldestLedger":10,"oldestLedgerCloseTimestamp":1600000000,"cursor":"188978565120"}
            """);

        var page = await rpc.Client().GetTransactionsAsync(new ScanStart.AtLedger(44), 200, Token);
        await rpc.Client().GetTransactionsAsync(new ScanStart.AfterCursor(page.Cursor), 200, Token);

        page.Transactions.ShouldHaveSingleItem().Hash.ShouldBe(Hash);
        page.Window.LatestCloseTime.ToUnixTimeSeconds().ShouldBe(1_700_000_000);
        rpc.Requests[0].Body.ShouldContain("""params":{"startLedger":44,"pagination":{"limit":200}}""");
        rpc.Requests[1].Body.ShouldContain("""params":{"pagination":{"cursor":"188978565120","limit":200}}""");
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_scan_events()
    {
        var topic = XdrCodec.ToBase64(ScVal.Symbol("PAYOUT"));
        var value = XdrCodec.ToBase64(ScVal.Vec(ScVal.Address(Sample.Key.Winner), ScVal.I128(7), ScVal.Symbol("XLM")));
        var rpc = new FakeRpc().Answers(FakeRpc.First, $$"""
            {"events":[{"type":"contract","ledger":44,"ledgerClosedAt":"2026-07-01T12:00:00Z","contractId":"{{Sample.Contract}}","id":"0000000188978561024-0000000001",
              "operationIndex":0,"transactionIndex":1,"txHash":"{{Hash}}","inSuccessfulContractCall":true,"topic":["{{topic}}"],"value":"{{value}}"}],
             "cursor":"0000000188978561024-0000000001","latestLedger":50,"oldestLedger":10,"latestLedgerCloseTime":"1700000000","oldestLedgerCloseTime":"1600000000"}
            """);
        var filter = new EventFilter([Sample.Contract], [TopicPattern.Of(ScVal.Symbol("PAYOUT"), null)]);

        var page = await rpc.Client().GetEventsAsync(new EventsRequest(new ScanStart.AtLedger(44), [filter], EndLedger: 50), Token);

        var record = page.Events.ShouldHaveSingleItem();
        PayoutEvents.TryReadPayout(record.ToContractEvent()).ShouldBe(new PayoutEvent(Sample.Contract, Sample.Key.Winner, 7, new Currency.Symbol("XLM")));
        (record.TransactionHash, record.Ledger).ShouldBe((Hash, 44u));
        rpc.Requests[0].Body.ShouldContain(
            $$"""{"startLedger":44,"endLedger":50,"filters":[{"type":"contract","contractIds":["{{Sample.Contract}}"],"topics":[["{{topic}}","*"]]}],"pagination":{"limit":100""");
    }

    [Theory(Timeout = 30_000)]
    [InlineData("\"type\":\"contract\",\"inSuccessfulContractCall\":true", ContractEventType.CONTRACT)]
    [InlineData("\"type\":\"contract\"", ContractEventType.CONTRACT)]
    [InlineData("\"type\":\"contract\",\"inSuccessfulContractCall\":false", ContractEventType.DIAGNOSTIC)]
    [InlineData("\"type\":\"diagnostic\",\"inSuccessfulContractCall\":true", ContractEventType.DIAGNOSTIC)]
    [InlineData("\"type\":\"system\"", ContractEventType.SYSTEM)]
    public async Task Should_take_no_event_of_a_failed_call_for_a_proof(string kind, ContractEventType expected)
    {
        var topic = XdrCodec.ToBase64(ScVal.Symbol("PAYOUT"));
        var value = XdrCodec.ToBase64(ScVal.Vec(ScVal.Address(Sample.Key.Winner), ScVal.I128(7), ScVal.Symbol("XLM")));

        var page = await Client($$"""
            {"events":[{ {{kind}},"ledger":44,"ledgerClosedAt":"2026-07-01T12:00:00Z","contractId":"{{Sample.Contract}}","id":"1-1","operationIndex":0,
              "transactionIndex":1,"txHash":"{{Hash}}","topic":["{{topic}}"],"value":"{{value}}"}],"cursor":"1-1","latestLedger":50}
            """).GetEventsAsync(new EventsRequest(new ScanStart.AtLedger(44), []), Token);

        page.Events[0].Type.ShouldBe(expected);
        (PayoutEvents.TryReadPayout(page.Events[0].ToContractEvent()) is not null).ShouldBe(expected == ContractEventType.CONTRACT);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_pass_on_what_a_simulation_is_told()
    {
        var rpc = new FakeRpc().Answers(FakeRpc.First, """{"error":"x","latestLedger":0}""");

        await rpc.Client().SimulateTransactionAsync(Sample.Payout().ToEnvelope(), Token);
        await rpc.Client().SimulateTransactionAsync(
            Sample.Payout().ToEnvelope(),
            Token,
            new SimulationOptions { AuthMode = SimulationAuthMode.Enforce, InstructionLeeway = 5000, UseUpgradedAuth = true });

        rpc.Requests[0].Body.ShouldEndWith($"\"params\":{{\"transaction\":\"{Envelope}\"}}}}");
        rpc.Requests[1].Body.ShouldContain(""","authMode":"enforce","resourceConfig":{"instructionLeeway":5000},"useUpgradedAuth":true""");
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_read_a_simulation_that_succeeds()
    {
        var data = XdrCodec.ToBase64(Sample.SorobanData(777));
        var result = await Client($$"""
            {"transactionData":"{{data}}","minResourceFee":"777","results":[{"auth":[],"xdr":"{{XdrCodec.ToBase64(ScVal.Bool(true))}}"}],"latestLedger":50,
             "restorePreamble":{"minResourceFee":"888","transactionData":"{{data}}"} }
            """).SimulateTransactionAsync(Sample.Payout().ToEnvelope(), Token);

        var success = result.ShouldBeOfType<SimulationResult.Success>();
        (success.MinResourceFee, success.Value!.AsBool(), success.LatestLedger, success.Restore!.MinResourceFee).ShouldBe((777, true, 50u, 888));
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_read_a_simulation_that_the_contract_refused()
    {
        var refused = await Client("""{"error":"HostError: Error(Contract, #3)\n\nEvent log (newest first):","events":["AAAA"],"latestLedger":50}""")
            .SimulateTransactionAsync(Sample.Payout().ToEnvelope(), Token);
        var unreadable = await Client("""{"error":"Could not unmarshal transaction","latestLedger":0}""")
            .SimulateTransactionAsync(Sample.Payout().ToEnvelope(), Token);

        refused.ShouldBeOfType<SimulationResult.Failed>().ContractError.ShouldBe(3u);
        unreadable.ShouldBeOfType<SimulationResult.Failed>().ContractError.ShouldBeNull();
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_refuse_a_negative_resource_fee()
    {
        var client = Client($$"""{"transactionData":"{{XdrCodec.ToBase64(Sample.SorobanData(1))}}","minResourceFee":"-1","latestLedger":50}""");

        (await Should.ThrowAsync<SorobanRpcException>(() => client.SimulateTransactionAsync(Sample.Payout().ToEnvelope(), Token)))
            .Detail.ShouldContain("negative");
    }

    private static SorobanRpcClient Client(string result) => new FakeRpc().Answers(FakeRpc.First, result).Client(readAttemptsMax: 1);
}
