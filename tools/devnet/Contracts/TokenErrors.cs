namespace Payouts.Devnet.Contracts;

/// <summary>Error codes of the built-in token contract (soroban-env-host ContractError). They overlap the payout contract's own codes.</summary>
public static class TokenErrors
{
    public const uint OperationNotSupported = 2;
    public const uint Authentication = 5;
    public const uint AccountMissing = 6;
    public const uint NegativeAmount = 8;
    public const uint Allowance = 9;
    public const uint Balance = 10;
    public const uint BalanceDeauthorized = 11;
    public const uint Overflow = 12;
    public const uint TrustlineMissing = 13;
}
