using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>Where a token's balances live: account entries (native), trustlines (issued), contract data (contracts).</summary>
public sealed class TokenBalances(SorobanHost host, SCAddress token, Asset asset)
{
    private readonly TrustLineAsset line = asset.ToTrustLine();
    private readonly AccountID? issuer = asset.Issuer();

    public static SCVal ContractKey(SCAddress contract) => ScValues.Vec("Balance".ToSymbol(), contract.ToVal());

    public static SCVal ContractValue(Int128 amount, bool authorized, bool clawback) => ScValues.SymbolMap(
        ("amount", amount.ToI128()), ("authorized", new SCVal.Bool(authorized)), ("clawback", new SCVal.Bool(clawback)));

    public Int128 Of(SCAddress address)
    {
        if (address is not SCAddress.Account { Value: var account })
        {
            return host.Storage.GetData(token, ContractKey(address))?.Field("amount")?.I128OrNull() ?? 0;
        }

        if (asset is Asset.Native)
        {
            return RequiredAccount(account).Balance;
        }

        return account == issuer ? long.MaxValue : RequiredLine(account).Balance;
    }

    public bool IsAuthorized(SCAddress address) => address switch
    {
        SCAddress.Account when asset is Asset.Native => true,
        SCAddress.Account { Value: var account } when account == issuer => true,
        SCAddress.Account { Value: var account } => Accounts.IsAuthorized(RequiredLine(account)),
        _ => host.Storage.GetData(token, ContractKey(address))?.Field("authorized")?.BoolOrNull() ?? !IssuerHas(Accounts.AuthRequired),
    };

    public void Spend(SCAddress from, Int128 amount)
    {
        if (from is not SCAddress.Account { Value: var account })
        {
            SpendContract(from, amount);
            return;
        }

        var stroops = Classic(amount);
        if (asset is Asset.Native)
        {
            var entry = RequiredAccount(account);
            Save(entry, RequireAtLeast(entry.Balance - stroops, Accounts.MinBalance(entry, host.Info.BaseReserve)));
        }
        else if (account != issuer)
        {
            var trust = AuthorizedLine(account);
            RequireAtLeast(trust.Balance - stroops, 0);
            Save(trust with { Balance = trust.Balance - stroops });
        }
    }

    public void Receive(SCAddress to, Int128 amount)
    {
        if (to is not SCAddress.Account { Value: var account })
        {
            ReceiveContract(to, amount);
            return;
        }

        var stroops = Classic(amount);
        if (asset is Asset.Native)
        {
            ReceiveNative(account, stroops);
        }
        else if (account != issuer)
        {
            var trust = AuthorizedLine(account);
            if (trust.Limit - trust.Balance < stroops)
            {
                throw HostException.Contract(TokenErrors.Balance, "resulting balance is not within the allowed range");
            }

            Save(trust with { Balance = trust.Balance + stroops });
        }
    }

    public void SetAuthorized(SCAddress address, bool authorize)
    {
        if (asset is Asset.Native || (!authorize && !IssuerHas(Accounts.AuthRevocable)))
        {
            throw HostException.Contract(TokenErrors.OperationNotSupported, "the issuer cannot change this authorization");
        }

        if (address is SCAddress.Account { Value: var account })
        {
            if (account == issuer)
            {
                throw HostException.Contract(TokenErrors.OperationNotSupported, "the issuer has no trustline to authorize");
            }

            var trust = RequiredLine(account);
            var flags = trust.Flags & ~(Accounts.TrustLineAuthorized | Accounts.TrustLineMaintainLiabilities);
            Save(trust with { Flags = authorize ? flags | Accounts.TrustLineAuthorized : flags });
            return;
        }

        var value = host.Storage.GetData(token, ContractKey(address));
        Save(address, value?.Field("amount")?.I128OrNull() ?? 0, authorize, value?.Field("clawback")?.BoolOrNull() ?? IssuerHas(Accounts.AuthClawbackEnabled));
    }

    /// <summary>Since protocol 26 a transfer of at least two base reserves brings a missing account into being (CAP-73).</summary>
    private void ReceiveNative(AccountID account, long stroops)
    {
        if (host.Storage.Get(EntryKey.Account(account))?.Account is not { } entry)
        {
            if (stroops < 2L * host.Info.BaseReserve)
            {
                throw HostException.Contract(TokenErrors.AccountMissing, "account is missing and the amount is below two base reserves");
            }

            Save(Accounts.New(account, stroops, host.Info.Sequence), stroops);
            return;
        }

        if (entry.Balance > long.MaxValue - stroops)
        {
            throw HostException.Contract(TokenErrors.Balance, "resulting balance is not within the allowed range");
        }

        Save(entry, entry.Balance + stroops);
    }

    private void SpendContract(SCAddress from, Int128 amount)
    {
        var value = host.Storage.GetData(token, ContractKey(from));
        var balance = value?.Field("amount")?.I128OrNull() ?? 0;
        if (value?.Field("authorized")?.BoolOrNull() == false)
        {
            throw HostException.Contract(TokenErrors.BalanceDeauthorized, "balance is deauthorized", from.ToVal());
        }

        if (balance < amount)
        {
            throw HostException.Contract(TokenErrors.Balance, "balance is not sufficient to spend", from.ToVal(), balance.ToI128(), amount.ToI128());
        }

        if (value is not null)
        {
            Save(from, balance - amount, true, value.Field("clawback")?.BoolOrNull() ?? false);
        }
    }

    private void ReceiveContract(SCAddress to, Int128 amount)
    {
        var value = host.Storage.GetData(token, ContractKey(to));
        if (!(value is null ? !IssuerHas(Accounts.AuthRequired) : value.Field("authorized")?.BoolOrNull() ?? false))
        {
            throw HostException.Contract(TokenErrors.BalanceDeauthorized, "balance is deauthorized", to.ToVal());
        }

        var balance = value?.Field("amount")?.I128OrNull() ?? 0;
        if (balance > Int128.MaxValue - amount)
        {
            throw HostException.Contract(TokenErrors.Overflow, "balance overflowed");
        }

        Save(to, balance + amount, true, value?.Field("clawback")?.BoolOrNull() ?? IssuerHas(Accounts.AuthClawbackEnabled));
    }

    private bool IssuerHas(uint flag) => issuer is not null && (RequiredAccount(issuer).Flags & flag) != 0;

    private AccountEntry RequiredAccount(AccountID account) =>
        host.Storage.Get(EntryKey.Account(account))?.Account ?? throw HostException.Contract(TokenErrors.AccountMissing, "account entry is missing", account.Address().ToVal());

    private TrustLineEntry RequiredLine(AccountID account) => host.Storage.Get(EntryKey.TrustLine(account, line))?.TrustLine
        ?? throw HostException.Contract(TokenErrors.TrustlineMissing, "trustline entry is missing for account", account.Address().ToVal());

    private TrustLineEntry AuthorizedLine(AccountID account)
    {
        var trust = RequiredLine(account);
        return Accounts.IsAuthorized(trust)
            ? trust
            : throw HostException.Contract(TokenErrors.BalanceDeauthorized, "balance is deauthorized", account.Address().ToVal());
    }

    private static long RequireAtLeast(long balance, long minimum) => balance >= minimum
        ? balance
        : throw HostException.Contract(TokenErrors.Balance, "resulting balance is not within the allowed range");

    private static long Classic(Int128 amount) =>
        amount <= long.MaxValue ? (long)amount : throw HostException.Contract(TokenErrors.Overflow, "amount is too large for a classic balance");

    private void Save(AccountEntry account, long balance) =>
        host.Storage.Put(EntryKey.Account(account.AccountID), new LedgerEntryData.Account(account with { Balance = balance }));

    private void Save(TrustLineEntry trust) => host.Storage.Put(EntryKey.TrustLine(trust.AccountID, trust.Asset), new LedgerEntryData.Trustline(trust));

    private void Save(SCAddress contract, Int128 amount, bool authorized, bool clawback) =>
        host.Storage.PutData(token, ContractKey(contract), ContractValue(amount, authorized, clawback));
}
