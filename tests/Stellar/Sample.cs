using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Tests;

/// <summary>Keys and transactions that every run makes alike.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset MaxTime = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ContractId Contract = new(Bytes(100));

    public static readonly ContractId Token = new(Bytes(101));

    public static readonly PayoutKey Key = new("arena", 7, 42, Account(3).AccountId);

    public static readonly PayoutOrder Order = new(Key, 12_345_678, new Currency.Symbol("XLM"));

    public static readonly PayoutContractCall Call = new(Contract);

    /// <summary>Key number <paramref name="seed"/>.</summary>
    public static KeyPair Account(int seed) => KeyPair.FromRawSeed(Bytes(seed));

    /// <summary>A payout by account 1 (the source of the sequence number) for account 2 (the contract's admin).</summary>
    public static Transaction Payout() => new TransactionBuilder(Account(1).AccountId, 1001)
        .Add(Call.Pay(Order) with { Source = Account(2).AccountId })
        .ValidUntil(MaxTime)
        .ValidInLedgers(0, 5000)
        .Build();

    /// <summary>A classic payment with <paramref name="operations"/> operations.</summary>
    public static Transaction Payment(int operations = 1, uint inclusionFeePerOperation = 100)
    {
        var builder = new TransactionBuilder(Account(1).AccountId, 5).ValidUntil(MaxTime).InclusionFeePerOperation(inclusionFeePerOperation);
        for (var i = 0; i < operations; i++)
        {
            builder.Add(new PaymentOperation(Account(3).AccountId, Asset.Native, 10 + i));
        }

        return builder.Build();
    }

    public static SorobanTransactionData SorobanData(long resourceFee, params uint[] archived) => new(
        archived.Length == 0 ? new SorobanTransactionDataExt.V0() : new SorobanTransactionDataExt.V1(new SorobanResourcesExtV0([.. archived])),
        new SorobanResources(
            new LedgerFootprint([], [new LedgerKey.ContractData(new LedgerKeyContractData(
                Contract.ToScAddress(), new SCVal.LedgerKeyContractInstance(), ContractDataDurability.PERSISTENT))]),
            Instructions: 2_000_000,
            DiskReadBytes: 1000,
            WriteBytes: 500),
        resourceFee);

    private static byte[] Bytes(int seed)
    {
        var bytes = new byte[32];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
