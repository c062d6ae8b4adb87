using System.Runtime.CompilerServices;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>The Stellar Asset Contract of one asset: classic balances for accounts, contract data for contracts.</summary>
public sealed class TokenContract : INativeContract
{
    private static readonly ConditionalWeakTable<SCContractInstance, TokenContract> Parsed = [];

    private readonly Asset asset;
    private readonly SCAddress? admin;

    private TokenContract(SCContractInstance instance)
    {
        (asset, admin) = TokenInstance.Read(instance);
    }

    public static TokenContract Of(SCContractInstance instance) => Parsed.GetValue(instance, static one => new TokenContract(one));

    public SCVal Invoke(ContractCall call)
    {
        switch (call.Function)
        {
            case "transfer":
                call.RequireArguments(3);
                return Transfer(call, call.Address(0), call.MuxedAddress(1), call.I128(2));
            case "approve":
                call.RequireArguments(4);
                return Approve(call, call.Address(0), call.Address(1), call.I128(2), call.U32(3));
            case "allowance":
                call.RequireArguments(2);
                return Allowances(call).Of(call.Address(0), call.Address(1)).ToI128();
            case "transfer_from":
                call.RequireArguments(4);
                return TransferFrom(call, call.Address(0), call.Address(1), call.Address(2), call.I128(3));
            case "burn_from":
                call.RequireArguments(3);
                return BurnFrom(call, call.Address(0), call.Address(1), call.I128(2));
            case "balance":
                call.RequireArguments(1);
                return Balances(call).Of(call.Address(0)).ToI128();
            case "mint":
                call.RequireArguments(2);
                return Mint(call, call.Address(0), call.I128(1));
            case "burn":
                call.RequireArguments(2);
                return Burn(call, call.Address(0), call.I128(1));
            case "set_authorized":
                call.RequireArguments(2);
                return SetAuthorized(call, call.Address(0), call.Bool(1));
            case "authorized":
                call.RequireArguments(1);
                return new SCVal.Bool(Balances(call).IsAuthorized(call.Address(0)));
            case "admin":
                call.RequireArguments(0);
                return RequiredAdmin().ToVal();
            case "decimals":
                return new SCVal.U32(TokenInstance.Decimals);
            case "name":
                return new SCVal.String(new SCString(new XdrString(asset.Sep11())));
            case "symbol":
                return new SCVal.String(new SCString(new XdrString(asset.Code())));
            default:
                throw call.NoSuchFunction();
        }
    }

    private SCVal Transfer(ContractCall call, SCAddress from, SCAddress to, Int128 amount)
    {
        RequireNotNegative(amount);
        call.Host.RequireAuth(from);
        return Move(call, from, to, amount);
    }

    private SCVal Approve(ContractCall call, SCAddress from, SCAddress spender, Int128 amount, uint liveUntil)
    {
        RequireNotNegative(amount);
        call.Host.RequireAuth(from);
        Allowances(call).Approve(from, spender, amount, liveUntil);
        call.Host.Emit(call.Host.EventFactory.Approve(asset, from, spender, amount, liveUntil));
        return new SCVal.Void();
    }

    private SCVal TransferFrom(ContractCall call, SCAddress spender, SCAddress from, SCAddress to, Int128 amount)
    {
        RequireNotNegative(amount);
        call.Host.RequireAuth(spender);
        Allowances(call).Spend(from, spender, amount);
        return Move(call, from, to, amount);
    }

    private SCVal BurnFrom(ContractCall call, SCAddress spender, SCAddress from, Int128 amount)
    {
        RequireNotNegative(amount);
        RequireNotNative();
        call.Host.RequireAuth(spender);
        Allowances(call).Spend(from, spender, amount);
        return Burned(call, from, amount);
    }

    private SCVal Move(ContractCall call, SCAddress from, SCAddress to, Int128 amount)
    {
        var (receiver, muxedId) = Unmuxed(to);
        var balances = Balances(call);
        balances.Spend(from, amount);
        balances.Receive(receiver, amount);
        call.Host.Emit(call.Host.EventFactory.Transfer(asset, from, receiver, amount, muxedId));
        return new SCVal.Void();
    }

    private SCVal Mint(ContractCall call, SCAddress to, Int128 amount)
    {
        RequireNotNegative(amount);
        call.Host.RequireAuth(RequiredAdmin());
        Balances(call).Receive(to, amount);
        call.Host.Emit(call.Host.EventFactory.Mint(asset, to, amount));
        return new SCVal.Void();
    }

    private SCVal Burn(ContractCall call, SCAddress from, Int128 amount)
    {
        RequireNotNegative(amount);
        RequireNotNative();
        call.Host.RequireAuth(from);
        return Burned(call, from, amount);
    }

    private SCVal Burned(ContractCall call, SCAddress from, Int128 amount)
    {
        Balances(call).Spend(from, amount);
        call.Host.Emit(call.Host.EventFactory.Burn(asset, from, amount));
        return new SCVal.Void();
    }

    private SCVal SetAuthorized(ContractCall call, SCAddress account, bool authorize)
    {
        call.Host.RequireAuth(RequiredAdmin());
        Balances(call).SetAuthorized(account, authorize);
        call.Host.Emit(call.Host.EventFactory.SetAuthorized(asset, account, authorize));
        return new SCVal.Void();
    }

    private TokenBalances Balances(ContractCall call) => new(call.Host, call.Self, asset);

    private static TokenAllowances Allowances(ContractCall call) => new(call.Host, call.Self);

    private void RequireNotNative()
    {
        if (asset is Asset.Native)
        {
            throw HostException.Contract(TokenErrors.OperationNotSupported, "cannot burn the native asset");
        }
    }

    private SCAddress RequiredAdmin() =>
        admin ?? throw HostException.Storage(SCErrorCode.SCEC_MISSING_VALUE, "trying to get non-existing value: the native asset has no admin");

    private static (SCAddress Address, ulong? MuxedId) Unmuxed(SCAddress to) => to is SCAddress.MuxedAccount muxed
        ? (new SCAddress.Account(new AccountID(new PublicKey.Ed25519(muxed.Value.Ed25519))), muxed.Value.Id)
        : (to, null);

    private static void RequireNotNegative(Int128 amount)
    {
        if (amount < 0)
        {
            throw HostException.Contract(TokenErrors.NegativeAmount, "negative amount is not allowed", amount.ToI128());
        }
    }
}
