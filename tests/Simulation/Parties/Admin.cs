using Payouts.Contracts;
using Payouts.Devnet.Faults;
using Payouts.Devnet.Rpc;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Simulation.Chance;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Parties;

/// <summary>The contract's admin, who now and then pays a debt without the suite. The network is always well to him.</summary>
internal sealed class Admin(LocalNetwork network, Dice dice, Tally tally, Trace trace, TimeProvider clock)
{
    private static readonly FeeLimits Limits = new() { InclusionFeeMax = 10_000_000, ResourceFeeMax = 100_000_000, TotalFeeMax = 100_000_000 };

    private readonly SorobanRpcClient _rpc = new(
        new HttpClient(new HonestDoor(new JsonRpcEndpoint(network.Dispatcher, new FaultScript(0), clock))),
        new SorobanRpcOptions { Endpoints = [new Uri("http://devnet.test/")], ReadAttemptsMax = 1 },
        clock);

    public async Task PayAsync()
    {
        var debt = dice.Pick(network.Debts.All);
        var key = LocalNetwork.Admin;
        var draft = new TransactionBuilder(key.AccountId, network.Ledger.SequenceNumber(key.AccountId)!.Value + 1)
            .Add(network.Contract.Pay(new Stellar.PayoutOrder(
                new PayoutKey(Debts.Context, Debts.Pool, debt.RoundNumber, Address.Parse(debt.Winner)), debt.Amount.Value, Currency.Parse(network.Currency))))
            .ValidUntil(clock.GetUtcNow().AddSeconds(60)).Build();
        if (await _rpc.SimulateTransactionAsync(draft.ToEnvelope(), CancellationToken.None) is not SimulationResult.Success simulation
            || TransactionAssembler.Assemble(draft, simulation, 6_000_000, Limits) is not AssemblyResult.Assembled assembled)
        {
            trace.Add($"the admin cannot pay {debt.PayoutId.Value.ToString()[..8]} by hand");
            return;
        }

        var answer = network.Ledger.Submit(assembled.Transaction.Sign(network.Ledger.Network, key).ToEnvelope());
        trace.Add($"the admin pays {debt.PayoutId.Value.ToString()[..8]} by hand: {answer.GetType().Name}");
        network.PaidByHand.Add(debt.PayoutId);
        tally.Add("fault", "PaidByHand");
    }

    /// <summary>Brings a signed authorization to the ledger from an account of its own, whoever else does.</summary>
    public async Task BringAsync(PayoutId payout, SorobanAuthorizationEntry entry)
    {
        var key = LocalNetwork.FeeAccount;
        var call = ((SorobanAuthorizedFunction.ContractFn)entry.RootInvocation.Function).Value;
        var draft = new TransactionBuilder(key.AccountId, network.Ledger.SequenceNumber(key.AccountId)!.Value + 1)
            .Add(new InvokeHostFunctionOperation(new HostFunction.InvokeContract(call)) { Authorizations = [entry] })
            .ValidUntil(clock.GetUtcNow().AddSeconds(60)).Build();
        if (await _rpc.SimulateTransactionAsync(draft.ToEnvelope(), CancellationToken.None) is not SimulationResult.Success simulation
            || TransactionAssembler.Assemble(draft, simulation, 6_000_000, Limits) is not AssemblyResult.Assembled assembled)
        {
            trace.Add($"the authorization of {payout.Value.ToString()[..8]} is of no use to the signer");
            return;
        }

        var answer = network.Ledger.Submit(assembled.Transaction.Sign(network.Ledger.Network, key).ToEnvelope());
        trace.Add($"the signer brings the authorization of {payout.Value.ToString()[..8]} to the ledger: {answer.GetType().Name}");
        network.Brought.Add(payout);
        tally.Add("authorization", "Brought");
    }

    private sealed class HonestDoor(JsonRpcEndpoint endpoint) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, answer) = await RpcDoor.AskAsync(endpoint, await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            return new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new ByteArrayContent(answer) };
        }
    }
}
