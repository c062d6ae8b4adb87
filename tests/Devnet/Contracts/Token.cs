using Payouts.Devnet.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;

namespace Payouts.Devnet.Tests.Contracts;

/// <summary>The token contract of USDC as its issuer and its holders use it.</summary>
internal static class Token
{
    /// <param name="limit">Stroops; 0 removes the trustline.</param>
    public static async Task TrustAsync(TestNetwork net, KeyPair holder, long limit = long.MaxValue) =>
        (await net.ApplyAsync(Trust(net, holder, limit))).Status.ShouldBe(TransactionStatus.SUCCESS);

    public static Transaction Trust(TestNetwork net, KeyPair holder, long limit = long.MaxValue) =>
        net.Signed(holder, new ChangeTrustOperation(Stellar.Asset.Issue(TestNetwork.Usdc, net.Issuer.AccountId), limit));

    /// <summary>Flags of the issuer's account: 1 authorization required, 2 revocable.</summary>
    public static async Task SetIssuerFlagsAsync(TestNetwork net, uint flags) =>
        (await net.ApplyAsync(net.Signed(net.Issuer, new SetOptionsOperation { SetFlags = flags }))).Status.ShouldBe(TransactionStatus.SUCCESS);

    public static async Task DeauthorizeAsync(TestNetwork net, KeyPair holder)
    {
        await SetIssuerFlagsAsync(net, 2);
        await CallAsync(net, net.Issuer, "set_authorized", ScVal.Address(holder.AccountId), ScVal.Bool(false));
    }

    public static ContractId Usdc(TestNetwork net) =>
        ContractId.FromXdr(new TokenContractIds(net.Network).Of(Ledger.Assets.Parse(net.UsdcAsset)));

    public static InvokeHostFunctionOperation Call(TestNetwork net, string function, params SCVal[] arguments) =>
        InvokeHostFunctionOperation.ContractCall(Usdc(net), function, arguments);

    /// <summary>A call that succeeds, made and signed by one account.</summary>
    public static async Task<TransactionRecord> CallAsync(TestNetwork net, KeyPair caller, string function, params SCVal[] arguments)
    {
        var record = await net.ApplyAsync((await net.AssembleAsync(net.Build(caller, Call(net, function, arguments)).Build())).Sign(net.Network, caller));
        record.Status.ShouldBe(TransactionStatus.SUCCESS, TestNetwork.Result(record).ToString());
        return record;
    }

    /// <summary>The answer of a read-only call.</summary>
    public static async Task<SCVal> ReadAsync(TestNetwork net, string function, params SCVal[] arguments) =>
        (await SimulateAsync(net, net.Admin, function, arguments)).ShouldBeOfType<SimulationResult.Success>().Value.ShouldNotBeNull();

    /// <summary>The contract error that a call ends in.</summary>
    public static async Task<uint?> ErrorAsync(TestNetwork net, KeyPair caller, string function, params SCVal[] arguments) =>
        (await SimulateAsync(net, caller, function, arguments)).ShouldBeOfType<SimulationResult.Failed>().ContractError;

    private static Task<SimulationResult> SimulateAsync(TestNetwork net, KeyPair caller, string function, SCVal[] arguments) =>
        net.Rpc.SimulateTransactionAsync(net.Build(caller, Call(net, function, arguments)).Build().ToEnvelope(), TestNetwork.Cancellation);
}
