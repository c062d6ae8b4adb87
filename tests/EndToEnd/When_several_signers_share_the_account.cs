using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Payouts.Tests.EndToEnd;

/// <summary>
/// The payout source account's own key has no weight on the ledger; three other keys weigh 1, and 2 are needed. Each is with a signer of its own, a program of its own,
/// and one of the three is of no use: fifty players are paid all the same.
/// </summary>
public sealed class When_several_signers_share_the_account(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(150);
    private static readonly NodeProject Node = new(RepositoryRoot.PathOf("samples", "signers", "node"));
    private static readonly KeyPair[] Keys = [.. Enumerable.Range(0, 3).Select(number => SuiteKeys.Named($"signer {number}"))];
    private static readonly string[] Players = [.. JsonNode.Parse(File.ReadAllText(RepositoryRoot.PathOf("samples", "rounds", "fifty-players.json")))!["entries"]!.AsArray()
        .Select(entry => entry!["player"]!.GetValue<string>())];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The third has its queue and is gone before the round begins: it never answers.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Should_settle_a_round_when_one_is_silent()
    {
        await Node.InstallAsync(Cancelled);
        await using var suite = await StartAsync();
        await using var second = await Node.StartAsync(["signer.mjs"], SettingsFor(suite, Keys[1], "kms.second"));
        await using (var third = await Node.StartAsync(["signer.mjs"], SettingsFor(suite, Keys[2], "kms.third")))
        {
            await Probe.Until("both are there", () => third.Output.Contains("signing for", StringComparison.Ordinal) && second.Output.Contains("signing for", StringComparison.Ordinal), Within, cancellationToken: Cancelled);
            await third.KillAsync(Within, Cancelled);
        }

        await suite.Game.PlayAsync("silent", 1, Players, Cancelled);
        await suite.SettledAsync("silent", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(1, Players);
        (await suite.OpenLettersAsync(Cancelled)).ShouldBeEmpty();
        (await SignedByAsync(suite)).ShouldBe([Keys[0].AccountId.ToString(), Keys[1].AccountId.ToString()], ignoreOrder: true);
        (await suite.Database.ReadAsync<long>("select count(*) from payout_signer.source_signatures", Cancelled)).ShouldBeGreaterThanOrEqualTo(2 * Players.Length);
    }

    /// <summary>The third signs nonsense, in its own name and in the others', and says no in nobody's name.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Should_settle_a_round_when_one_signs_nonsense()
    {
        await Node.InstallAsync(Cancelled);
        await using var suite = await StartAsync();
        await using var second = await Node.StartAsync(["signer.mjs"], SettingsFor(suite, Keys[1], "kms.second"));
        await Probe.Until("the second is there", () => second.Output.Contains("signing for", StringComparison.Ordinal), Within, cancellationToken: Cancelled);
        await using var liar = await LiarAsync(suite);

        await suite.Game.PlayAsync("nonsense", 2, Players, Cancelled);
        await suite.SettledAsync("nonsense", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(2, Players);
        (await SignedByAsync(suite)).ShouldBe([Keys[0].AccountId.ToString(), Keys[1].AccountId.ToString()], ignoreOrder: true);
        var letters = await suite.OpenLettersAsync(Cancelled);
        letters.ShouldNotBeEmpty("the nonsense was heard");
        letters.ShouldAllBe(letter => letter.Contains("SignatureInvalid") || letter.Contains("SignerUnknown") || letter.Contains("ExtraSignature"));
    }

    private async Task<SuiteProcesses> StartAsync()
    {
        var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions
        {
            Players = Players,
            Extra = new Dictionary<string, string>
            {
                ["LOCAL_SIGNER_SECRET"] = Keys[0].ExportSecretSeed(),
                ["PAYOUT_SOURCE_SIGNERS"] = string.Join(',', Keys.Select(key => $"{key.AccountId}=1")),
                ["PAYOUT_SOURCE_THRESHOLD"] = "2",
            },
        }, Cancelled);
        try
        {
            await ConfigureAccountAsync(suite);
            return suite;
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }
    }

    private static async Task ConfigureAccountAsync(SuiteProcesses suite)
    {
        var ledger = suite.Devnet.Ledger;
        using var http = new HttpClient();
        var rpc = new SorobanRpcClient(http, new SorobanRpcOptions { Endpoints = [suite.Devnet.Address] }, TimeProvider.System);
        var source = SuiteKeys.PayoutSource;
        var signed = new TransactionBuilder(source.AccountId, ledger.SequenceNumber(source.AccountId)!.Value + 1)
            .Add(new SetOptionsOperation { MasterWeight = 0, LowThreshold = 2, MediumThreshold = 2, HighThreshold = 2, Signer = (Keys[0].AccountId, 1) })
            .Add(new SetOptionsOperation { Signer = (Keys[1].AccountId, 1) })
            .Add(new SetOptionsOperation { Signer = (Keys[2].AccountId, 1) })
            .ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)ledger.LatestCloseTime + 300)).Build().Sign(ledger.Network, source);
        var hash = signed.Hash(ledger.Network);
        (await rpc.SendTransactionAsync(signed.ToBase64(), hash, Cancelled)).ShouldBeOfType<SendOutcome.Pending>();
        await Probe.Until("the account has three signers", async token => await rpc.GetTransactionAsync(hash, token) is TransactionLookup.Found { Transaction.Status: TransactionStatus.SUCCESS }, Within, cancellationToken: Cancelled);
    }

    private static async Task<string[]> SignedByAsync(SuiteProcesses suite) =>
        (await suite.Database.ReadAsync<string>("select string_agg(distinct key, ',') from payout_signer.sign_requests, unnest(string_to_array(signed_by, ',')) key where state = 'Signed'", Cancelled))!.Split(',');

    private static Dictionary<string, string> SettingsFor(SuiteProcesses suite, KeyPair key, string queue) => new()
    {
        ["RABBITMQ_URL"] = suite.BrokerUsers["kms"],
        ["STELLAR_NETWORK_PASSPHRASE"] = suite.Devnet.Ledger.Network.Passphrase,
        ["PAYOUT_SOURCE_ACCOUNT"] = SuiteKeys.PayoutSource.AccountId.ToString(),
        ["PAYOUT_CONTRACT_ID"] = suite.Devnet.Ledger.PayoutContract.ToString(),
        ["PAYOUT_TOKEN_CONTRACTS"] = $"XLM={suite.NativeToken}",
        ["SIGNER_SECRET"] = key.ExportSecretSeed(),
        ["SIGNER_QUEUE"] = queue,
    };

    /// <summary>Answers each request at once, before the others can.</summary>
    private static async Task<IConnection> LiarAsync(SuiteProcesses suite)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(suite.BrokerUsers["kms"]) }.CreateConnectionAsync(Cancelled);
        var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await channel.QueueDeclareAsync("kms.liar", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancelled);
        await channel.QueueBindAsync("kms.liar", "Payouts.Contracts:SigningRequested", "", cancellationToken: Cancelled);
        var ear = new AsyncEventingBasicConsumer(channel);
        ear.ReceivedAsync += async (_, message) =>
        {
            var request = JsonSerializer.Deserialize<SigningRequested>(message.Body.Span, ContractsJson.Options)!;
            foreach (var key in Keys)
                await TellAsync(channel, "SigningCompleted", new SigningCompleted
                {
                    RequestId = request.RequestId,
                    TransactionHash = request.TransactionHash,
                    Signatures = [new SignatureByKey { PublicKey = key.AccountId.ToString(), Signature = Convert.ToBase64String(Keys[2].Sign("nonsense"u8)) }],
                });
            await TellAsync(channel, "SigningCompleted", new SigningCompleted
            {
                RequestId = request.RequestId,
                TransactionHash = request.TransactionHash,
                Signatures = [new SignatureByKey { PublicKey = SuiteKeys.PayoutSource.AccountId.ToString(), Signature = Convert.ToBase64String(SuiteKeys.PayoutSource.Sign(Convert.FromHexString(request.TransactionHash))) }],
            });
            await TellAsync(channel, "SigningRejected", new SigningRejected { RequestId = request.RequestId, Reason = "nonsense" });
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync("kms.liar", autoAck: false, ear, Cancelled);
        return connection;
    }

    private static async Task TellAsync<T>(IChannel channel, string contract, T message) => await channel.BasicPublishAsync(
        $"Payouts.Contracts:{contract}", "", mandatory: true, new BasicProperties { ContentType = "application/json", MessageId = Guid.NewGuid().ToString(), Persistent = true },
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message, ContractsJson.Options)), Cancelled);
}
