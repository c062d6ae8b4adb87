using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>Accounts, contracts and addresses between their text and XDR forms.</summary>
public static class Identities
{
    public static AccountID Account(string strkey) => Stellar.AccountId.Parse(strkey).ToXdr();

    public static AccountID AccountId(this MuxedAccount account) => account switch
    {
        MuxedAccount.Ed25519 plain => new AccountID(new PublicKey.Ed25519(plain.Value)),
        MuxedAccount.MuxedEd25519 muxed => new AccountID(new PublicKey.Ed25519(muxed.Value.Ed25519)),
        _ => throw new InvalidOperationException($"account kind {account.Discriminant} has no key"),
    };

    public static ulong? MuxedId(this MuxedAccount account) => (account as MuxedAccount.MuxedEd25519)?.Value.Id;

    public static SCAddress Address(this AccountID account) => new SCAddress.Account(account);

    public static SCAddress Address(this ContractID contract) => new SCAddress.Contract(contract);

    /// <summary>The address of G... or C... text.</summary>
    public static SCAddress AddressOf(string strkey) =>
        strkey.StartsWith('C') ? ContractId.Parse(strkey).ToScAddress() : Stellar.AccountId.Parse(strkey).ToScAddress();

    public static string Text(this AccountID account) => Stellar.AccountId.FromXdr(account).ToString();

    public static string Text(this SCAddress address) => address switch
    {
        SCAddress.Account account => account.Value.Text(),
        SCAddress.Contract contract => ContractId.FromXdr(contract.Value).ToString(),
        _ => address.Discriminant.ToString(),
    };
}
