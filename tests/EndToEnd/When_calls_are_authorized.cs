using System.Text.Json.Nodes;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>The signer authorizes calls, not envelopes: a payout takes a channel only when it is signed for. Four processes, RabbitMQ and PostgreSQL.</summary>
public sealed class When_calls_are_authorized(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    private static readonly Dictionary<string, string> Form = new() { ["PAYOUTS_SIGNING_FORM"] = "authorization" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Should_settle_a_round_on_few_channels_and_ask_for_each_winner_once()
    {
        string[] players = [.. Enumerable.Range(0, 50).Select(SuiteKeys.Player)];
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = players, Channels = 10, Extra = Form }, Cancelled);

        await suite.Game.PlayAsync("authorized", 1, players, Cancelled);
        await suite.SettledAsync("authorized", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(1, players);
        (await CountAsync(suite, "payout_signer.sign_requests where form = 'Authorization' and state = 'Signed'")).ShouldBe(players.Length);
        (await CountAsync(suite, "payout_signer.sign_requests where form = 'Authorization'")).ShouldBe(players.Length, "each winner is asked for once");
        (await CountAsync(suite, "payout_signer.sign_requests where form = 'Envelope' and coalesce(decision, '') <> 'Authorized'")).ShouldBe(0, "no envelope is shown to the signer");
        (await suite.OpenLettersAsync(Cancelled)).ShouldBeEmpty();
    }

    /// <summary>All that the signer has in hand is authorizations: no lane waits for it. One of them is brought to the ledger by somebody else.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_hold_no_channel_while_the_signer_thinks_and_pay_nobody_twice_when_another_brings_an_authorization_to_the_ledger()
    {
        string[] players = [.. Enumerable.Range(0, 5).Select(SuiteKeys.Player)];
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = players, Channels = 2, Signing = SigningMode.Nobody, Extra = Form }, Cancelled);
        await suite.Game.PlayAsync("lifted", 2, players, Cancelled);
        await Probe.Until("all are at the signer", async token => (await HttpSigner.WaitingAsync(suite, token)).Count, count => count == players.Length, Within, cancellationToken: Cancelled);
        (await CountAsync(suite, "payout_builder.slots")).ShouldBe(0, "no lane is held for a signature");

        var requests = await HttpSigner.WaitingAsync(suite, Cancelled);
        var hash = await LiftAsync(suite, requests[0], Cancelled);
        foreach (var request in requests)
            await HttpSigner.SignAsync(suite, request, Cancelled);
        await suite.SettledAsync("lifted", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(2, players);
        var winner = requests[0]["request"]!["intent"]!["order"]!["winner"]!.GetValue<string>();
        (await suite.Database.ReadAsync<string>($"select transaction_hash from payout_builder.payouts where winner = '{winner}'", Cancelled)).ShouldBe(hash);
    }

    /// <summary>Whoever sees a signed authorization can bring it to the ledger from any account: here a player's.</summary>
    private static async Task<string> LiftAsync(SuiteProcesses suite, JsonNode request, CancellationToken cancellationToken)
    {
        var ledger = suite.Devnet.Ledger;
        using var http = new HttpClient();
        var rpc = new SorobanRpcClient(http, new SorobanRpcOptions { Endpoints = [suite.Devnet.Address] }, TimeProvider.System);
        var thief = SuiteKeys.FeeAccount;
        var unsigned = PayoutAuthorization.FromPreimage(request["request"]!["unsignedXdr"]!.GetValue<string>(), SuiteKeys.PayoutSource.AccountId);
        var call = ((SorobanAuthorizedFunction.ContractFn)unsigned.RootInvocation.Function).Value;
        var draft = new TransactionBuilder(thief.AccountId, ledger.SequenceNumber(thief.AccountId)!.Value + 1)
            .Add(new InvokeHostFunctionOperation(new HostFunction.InvokeContract(call)) { Authorizations = [SorobanAuthorization.Sign(unsigned, ledger.Network, SuiteKeys.PayoutSource)] })
            .ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)ledger.LatestCloseTime + 300)).Build();
        var simulation = (await rpc.SimulateTransactionAsync(draft.ToEnvelope(), cancellationToken)).ShouldBeOfType<SimulationResult.Success>();
        var limits = new FeeLimits { InclusionFeeMax = 1_000_000, ResourceFeeMax = 100_000_000, TotalFeeMax = 100_000_000 };
        var signed = TransactionAssembler.Assemble(draft, simulation, 1000, limits).ShouldBeOfType<AssemblyResult.Assembled>().Transaction.Sign(ledger.Network, thief);
        var hash = signed.Hash(ledger.Network);
        (await rpc.SendTransactionAsync(signed.ToBase64(), hash, cancellationToken)).ShouldBeOfType<SendOutcome.Pending>();
        await Probe.Until("it is on the ledger", async token => await rpc.GetTransactionAsync(hash, token) is TransactionLookup.Found { Transaction.Status: TransactionStatus.SUCCESS }, Within, cancellationToken: cancellationToken);
        return hash.ToString();
    }

    private static Task<long> CountAsync(SuiteProcesses suite, string what) => suite.Database.ReadAsync<long>($"select count(*) from {what}", Cancelled);
}
