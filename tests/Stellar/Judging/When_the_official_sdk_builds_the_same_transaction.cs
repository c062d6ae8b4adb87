using System.Text.Json.Nodes;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Judging;

/// <summary>The same transactions built, hashed and signed here and by the official SDK: equal to the last byte, Ed25519 being deterministic.</summary>
[Collection(nameof(Judge))]
public sealed class When_the_official_sdk_builds_the_same_transaction(Judge judge)
{
    private static readonly Network Net = Network.Testnet;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task Should_agree_on_the_payout()
    {
        var ours = Sample.Payout().Sign(Net, Sample.Account(1), Sample.Account(2));

        var theirs = await judge.AskAsync(
            new JsonObject
            {
                ["op"] = "build",
                ["name"] = "payout",
                ["passphrase"] = Net.Passphrase,
                ["source"] = Sample.Account(1).AccountId.ToString(),
                ["sequence"] = "1001",
                ["operationSource"] = Sample.Account(2).AccountId.ToString(),
                ["contract"] = Sample.Contract.ToString(),
                ["method"] = "distribute_winnings",
                ["args"] = new JsonArray(
                    Argument("symbol", "arena"), Argument("u32", 7), Argument("u32", 42), Argument("address", Sample.Key.Winner.ToString()),
                    Argument("i128", "12345678"), Argument("symbol", "XLM")),
                ["maxTime"] = Sample.MaxTime.ToUnixTimeSeconds(),
                ["maxLedger"] = 5000,
                ["fee"] = 100,
                ["secrets"] = Secrets(1, 2),
            },
            Token);

        Compare(theirs, ours.ToBase64(), ours.Hash(Net));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("native", 100)]
    [InlineData("USDC:GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", 250)]
    [InlineData("LONGERASSET:GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", 100_000)]
    public async Task Should_agree_on_a_payment_its_fee_bump_and_the_assets_contract(string asset, uint fee)
    {
        var inner = new TransactionBuilder(Sample.Account(1).AccountId, 77)
            .Add(new PaymentOperation(Sample.Account(3).AccountId, Asset.Parse(asset), 12_5000000))
            .InclusionFeePerOperation(fee).ValidUntil(Sample.MaxTime).Build().Sign(Net, Sample.Account(1));
        var theirInner = await judge.AskAsync(
            new JsonObject
            {
                ["op"] = "build",
                ["name"] = "payment",
                ["passphrase"] = Net.Passphrase,
                ["source"] = Sample.Account(1).AccountId.ToString(),
                ["sequence"] = "77",
                ["destination"] = Sample.Account(3).AccountId.ToString(),
                ["amount"] = "12.5",
                ["asset"] = asset,
                ["maxTime"] = Sample.MaxTime.ToUnixTimeSeconds(),
                ["fee"] = fee,
                ["secrets"] = Secrets(1),
            },
            Token);
        Compare(theirInner, inner.ToBase64(), inner.Hash(Net));

        var theirBump = await judge.AskAsync(
            new JsonObject
            {
                ["op"] = "build",
                ["name"] = "feeBump",
                ["passphrase"] = Net.Passphrase,
                ["inner"] = inner.ToBase64(),
                ["feeSource"] = Sample.Account(9).ExportSecretSeed(),
                ["baseFee"] = fee,
                ["secrets"] = Secrets(9),
            },
            Token);
        var bump = FeeBumpTransaction.Wrap(inner, Sample.Account(9).AccountId, FeeBumpTransaction.FeeMin(inner, replacesPending: false)).Sign(Net, Sample.Account(9));
        Compare(theirBump, bump.ToBase64(), bump.Hash(Net));

        var contract = await judge.AskAsync(
            new JsonObject { ["op"] = "build", ["name"] = "assetContract", ["asset"] = asset, ["passphrase"] = Net.Passphrase }, Token);
        Asset.Parse(asset).ContractIdOn(Net).ToString().ShouldBe(contract["contract"]!.GetValue<string>());
    }

    private static void Compare(JsonNode theirs, string xdr, TransactionHash hash)
    {
        theirs["hash"]!.GetValue<string>().ShouldBe(hash.ToString());
        theirs["xdr"]!.GetValue<string>().ShouldBe(xdr);
    }

    private static JsonArray Argument(string type, JsonNode value) => [type, value];

    private static JsonArray Secrets(params IEnumerable<int> seeds) => new([.. seeds.Select(s => JsonValue.Create(Sample.Account(s).ExportSecretSeed()))]);
}
