using System.Security.Cryptography;
using System.Text;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>The payout contract. It pays from its own token balances.</summary>
public sealed class PayoutContract(SCContractInstance instance) : INativeContract
{
    public const uint UnauthorizedCaller = 1;
    public const uint InvalidAmount = 2;
    public const uint AlreadyPaid = 3;
    public const uint NoWinners = 4;
    public const uint TreasuryNotSet = 5;
    public const uint Paused = 6;

    /// <summary>Stands where the WASM would: the ledger needs a code entry, the model runs instead.</summary>
    public static readonly XdrBytes Code = new([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, .. Encoding.ASCII.GetBytes("payout contract, modelled in the devnet")]);

    public static readonly Hash WasmHash = new(new XdrBytes(SHA256.HashData(Code.Span)));

    private PayoutSettings settings = PayoutSettings.Read(instance);

    public SCVal Invoke(ContractCall call)
    {
        switch (call.Function)
        {
            case "distribute_winnings":
                call.RequireArguments(6);
                return DistributeWinnings(call, PayoutStorageKey.Of(call), call.I128(4), call.Symbol(5));
            case "distribute_batch":
                call.RequireArguments(5);
                return DistributeBatch(call, call.Symbol(0), call.U32(1), call.U32(2), call.Payments(3), call.Symbol(4));
            case "distribute_prize":
                call.RequireArguments(4);
                return DistributePrize(call, call.U32(0), call.I128(1), call.Addresses(2), call.Address(3));
            case "is_payout_processed":
                call.RequireArguments(4);
                return new SCVal.Bool(call.Host.Storage.GetData(call.Self, PayoutStorageKey.Of(call).Key) is not null);
            case "get_payout":
                call.RequireArguments(4);
                return call.Host.Storage.GetData(call.Self, PayoutStorageKey.Of(call).Key) ?? new SCVal.Void();
            case "is_prize_distributed":
                call.RequireArguments(1);
                return new SCVal.Bool(call.Host.Storage.GetData(call.Self, PrizeKey(call.U32(0))) is not null);
            case "set_paused":
                call.RequireArguments(1);
                return Change(call, settings with { Paused = call.Bool(0) });
            case "set_treasury":
                call.RequireArguments(1);
                return Change(call, settings with { Treasury = call.Address(0) });
            case "set_token":
                call.RequireArguments(2);
                return Change(call, settings.WithToken(call.Symbol(0), call.Address(1)));
            default:
                throw call.NoSuchFunction();
        }
    }

    private SCVal DistributeWinnings(ContractCall call, PayoutStorageKey payout, Int128 amount, string currency)
    {
        RequireAdmin(call);
        RequireRunning();
        Pay(call, payout, amount, currency);
        return new SCVal.Void();
    }

    /// <summary>Each winner as distribute_winnings would, under the same key; one that cannot be paid undoes them all.</summary>
    private SCVal DistributeBatch(ContractCall call, string context, uint pool, uint round, IReadOnlyList<(SCAddress To, Int128 Amount)> payouts, string currency)
    {
        RequireAdmin(call);
        RequireRunning();
        if (payouts.Count == 0)
        {
            throw HostException.Contract(NoWinners, "a batch needs winners");
        }

        foreach (var (winner, amount) in payouts)
        {
            Pay(call, new PayoutStorageKey(context, pool, round, winner), amount, currency);
        }

        return new SCVal.Void();
    }

    private void Pay(ContractCall call, PayoutStorageKey payout, Int128 amount, string currency)
    {
        if (amount <= 0)
        {
            throw HostException.Contract(InvalidAmount, "amount must be positive");
        }

        if (call.Host.Storage.GetData(call.Self, payout.Key) is not null)
        {
            throw HostException.Contract(AlreadyPaid, "payout is already processed");
        }

        call.Host.Storage.PutData(call.Self, payout.Key, payout.Record(amount, currency));

        // A currency without a registered token is recorded and announced, but nothing is transferred: the contract's own trap.
        if (settings.Tokens.TryGetValue(currency, out var token))
        {
            Transfer(call, token, payout.Winner, amount);
        }

        Announce(call, payout.Winner, amount, currency.ToSymbol());
    }

    private SCVal DistributePrize(ContractCall call, uint game, Int128 total, IReadOnlyList<SCAddress> winners, SCAddress token)
    {
        RequireAdmin(call);
        RequireRunning();
        if (total <= 0)
        {
            throw HostException.Contract(InvalidAmount, "total prize must be positive");
        }

        if (winners.Count == 0)
        {
            throw HostException.Contract(NoWinners, "a prize needs winners");
        }

        if (call.Host.Storage.GetData(call.Self, PrizeKey(game)) is not null)
        {
            throw HostException.Contract(AlreadyPaid, "prize is already distributed");
        }

        var share = total / winners.Count;
        var dust = total - (share * winners.Count);
        if (share == 0)
        {
            throw HostException.Contract(InvalidAmount, "total prize is below one unit for each winner");
        }

        if (dust > 0 && settings.Treasury is null)
        {
            throw HostException.Contract(TreasuryNotSet, "no treasury to take the dust");
        }

        call.Host.Storage.PutData(call.Self, PrizeKey(game), new SCVal.Bool(true));
        foreach (var winner in winners)
        {
            Transfer(call, token, winner, share);
            Announce(call, winner, share, token.ToVal());
        }

        if (dust > 0)
        {
            Transfer(call, token, settings.Treasury!, dust);
        }

        return new SCVal.Void();
    }

    private SCVal Change(ContractCall call, PayoutSettings changed)
    {
        RequireAdmin(call);
        settings = changed;
        call.Host.Storage.PutData(call.Self, new SCVal.LedgerKeyContractInstance(), new SCVal.ContractInstance(changed.ToInstance()));
        return new SCVal.Void();
    }

    private void RequireAdmin(ContractCall call) =>
        call.Host.RequireAuth(settings.Admin ?? throw HostException.Contract(UnauthorizedCaller, "no admin is set"));

    private void RequireRunning()
    {
        if (settings.Paused)
        {
            throw HostException.Contract(Paused, "contract is paused");
        }
    }

    private static void Transfer(ContractCall call, SCAddress token, SCAddress to, Int128 amount) =>
        call.Host.Call(token, "transfer", call.Self.ToVal(), to.ToVal(), amount.ToI128());

    private static void Announce(ContractCall call, SCAddress winner, Int128 amount, SCVal currency) =>
        call.Host.Emit(call.Self, ["PAYOUT".ToSymbol()], ScValues.Vec(winner.ToVal(), amount.ToI128(), currency));

    private static SCVal PrizeKey(uint game) => ScValues.Vec("Prize".ToSymbol(), new SCVal.U32(game));
}
