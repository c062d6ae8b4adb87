using System.Net;
using System.Text;
using System.Text.Json;
using Payouts.Devnet.Tests.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Robust;

/// <summary>Whatever a client sends: an answer with a code that blames the client, and a devnet that goes on.</summary>
public sealed class When_every_method_gets_anything : NetworkTest
{
    private const int Seed = 20_260_702;
    private static readonly string[] Methods =
    [
        "getHealth", "getNetwork", "getLatestLedger", "getVersionInfo", "getFeeStats", "getLedgerEntries", "getLedgers", "simulateTransaction",
        "sendTransaction", "getTransaction", "getTransactions", "getEvents",
    ];

    private static readonly string[] Names =
    [
        "transaction", "hash", "keys", "startLedger", "endLedger", "pagination", "cursor", "limit", "filters", "type", "contractIds", "topics", "xdrFormat",
        "authMode", "resourceConfig", "instructionLeeway", "useUpgradedAuth",
    ];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(AllMethods))]
    public async Task Should_answer_any_parameters_without_an_error_of_its_own(string method)
    {
        await Net.ApplyAsync(await Net.PayoutAsync(Net.Account("channel"), Net.Order(Net.Account("winner"))));
        var random = new Random(Seed);
        for (var i = 0; i < 300; i++)
        {
            var parameters = Object(random, depth: 0);
            using var response = await Net.PostAsync($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"{method}\",\"params\":{parameters}}}");
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestNetwork.Cancellation)).RootElement;
            if (answer.TryGetProperty("error", out var error))
            {
                error.GetProperty("code").GetInt32().ShouldBeOneOf([-32602, -32600], $"{i}: {parameters}: {error}");
            }
        }

        (await Net.Rpc.GetHealthAsync(TestNetwork.Cancellation)).LatestLedger.ShouldBe(2u);
    }

    /// <summary>One changed byte in each kind of envelope: never taken, never an error of the devnet's own, and no payment in the end.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("batch")]
    [InlineData("batch in a fee bump")]
    [InlineData("transfer_from")]
    [InlineData("version 2 credentials")]
    [InlineData("restore")]
    public async Task Should_never_take_a_mutated_envelope_nor_break(string kind)
    {
        var original = XdrCodec.ToBytes(await EnvelopeAsync(kind));
        var random = new Random(Seed + kind.Length);
        for (var i = 0; i < 500; i++)
        {
            var mutated = (byte[])original.Clone();
            mutated[random.Next(mutated.Length)] ^= (byte)(1 << random.Next(8));
            var transaction = Convert.ToBase64String(mutated);

            var sent = await Net.CallAsync("sendTransaction", new { transaction });
            if (sent.TryGetProperty("result", out var result))
            {
                result.GetProperty("status").GetString().ShouldNotBe("PENDING", $"mutation {i} of seed {Seed}");
            }
            else
            {
                sent.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32602, $"mutation {i} of seed {Seed}: {sent}");
            }

            var simulated = await Net.CallAsync("simulateTransaction", new { transaction });
            simulated.TryGetProperty("result", out _).ShouldBeTrue($"mutation {i} of seed {Seed}: {simulated}");
        }

        Net.CloseLedger();
        Net.Ledger.Payouts().ShouldBeEmpty();
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("admin/faults", "garbage")]
    [InlineData("admin/faults", "{\"kind\":\"NoSuchFault\"}")]
    [InlineData("admin/faults", "{\"kind\":\"LostReply\",\"probability\":2}")]
    [InlineData("admin/ledger/archive-balance?holder=x", "")]
    [InlineData("admin/ledger/archive-balance", "")]
    [InlineData("admin/ledger/archive-instance?contract=GABC", "")]
    [InlineData("admin/ledger/archive-payout?context=a&pool=b&round=c&winner=d", "")]
    [InlineData("admin/ledger/archive-payout?context=a&pool=1&round=1&winner=nobody", "")]
    [InlineData("admin/ledger/archive-balance?holder=CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD2KM&asset=odd", "")]
    [InlineData("admin/grant?account=x&stroops=1", "")]
    public async Task Should_refuse_nonsense_at_its_own_door_too(string path, string body)
    {
        using var http = new HttpClient { BaseAddress = Net.Address };
        using var answer = await http.PostAsync(new Uri(Net.Address, path), new StringContent(body, Encoding.UTF8, "application/json"), TestNetwork.Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync(TestNetwork.Cancellation));
        (await Net.Rpc.GetHealthAsync(TestNetwork.Cancellation)).LatestLedger.ShouldBe(1u);
    }

    public static TheoryData<string> AllMethods => [.. Methods];

    private static string Object(Random random, int depth) =>
        $"{{{string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Names[random.Next(Names.Length)]).Distinct().Select(name => $"\"{name}\":{Value(random, depth)}"))}}}";

    private static string Value(Random random, int depth) => random.Next(depth > 3 ? 9 : 12) switch
    {
        0 => "null",
        1 => "true",
        2 => "-1",
        3 => "1",
        4 => "1e300",
        5 => "18446744073709551616",
        6 => "\"\"",
        7 => $"\"{Convert.ToBase64String(Enumerable.Range(0, random.Next(40)).Select(_ => (byte)random.Next(256)).ToArray())}\"",
        8 => "\"0000008589934592-0000000001\"",
        9 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1)))}]",
        _ => Object(random, depth + 1),
    };

    private async Task<TransactionEnvelope> EnvelopeAsync(string kind)
    {
        var channel = Net.Account("channel");
        var winner = Net.Account("winner");
        switch (kind)
        {
            case "restore":
                return Limits.Declared.Restore(Net, "restorer", Limits.Declared.Nothing with { Footprint = new LedgerFootprint([], Limits.Declared.Keys(Net, 2)) }).ToEnvelope();
            case "transfer_from":
                await Token.TrustAsync(Net, channel);
                await Token.TrustAsync(Net, winner);
                await Token.CallAsync(Net, channel, "approve", Of(channel), Of(winner), ScVal.I128(9), ScVal.U32(100));
                return (await Net.AssembleAsync(Net.Build(winner, Token.Call(Net, "transfer_from", Of(winner), Of(channel), Of(winner), ScVal.I128(0))).Build()))
                    .Sign(Net.Network, winner).ToEnvelope();
            case "version 2 credentials":
                var call = Net.Contract.Pay(Net.Order(winner));
                var entry = SorobanAuthorization.ForCall(Net.Admin.AccountId, ((HostFunction.InvokeContract)call.Function).Value, 5, 100);
                entry = SorobanAuthorization.Sign(
                    entry with { Credentials = new SorobanCredentials.AddressV2(((SorobanCredentials.Address)entry.Credentials).Value) }, Net.Network, Net.Admin);
                return (await Net.AssembleAsync(Net.Build(channel, call with { Authorizations = [entry] }).Build())).Sign(Net.Network, channel).ToEnvelope();
            default:
                var payouts = ScVal.Vec(ScVal.Vec(Of(winner), ScVal.I128(5)), ScVal.Vec(Of(channel), ScVal.I128(6)));
                var batch = InvokeHostFunctionOperation.ContractCall(
                    Net.Ledger.PayoutContract, "distribute_batch", ScVal.Symbol("GAME"), ScVal.U32(7), ScVal.U32(1), payouts, ScVal.Symbol("XLM"));
                var signed = (await Net.AssembleAsync(Net.Build(Net.Admin, batch).Build())).Sign(Net.Network, Net.Admin);
                return kind == "batch"
                    ? signed.ToEnvelope()
                    : FeeBumpTransaction.Wrap(signed, channel.AccountId, signed.ResourceFee + 200).Sign(Net.Network, channel).ToEnvelope();
        }
    }

    private static SCVal Of(KeyPair key) => ScVal.Address(key.AccountId);
}
