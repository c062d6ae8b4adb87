namespace Payouts.Devnet.Ledger;

/// <summary>The Soroban limits and prices of mainnet, July 2026. Prices are stroops per unit named.</summary>
public static class NetworkLimits
{
    public const uint TxInstructionsMax = 400_000_000;
    public const long LedgerInstructionsMax = 580_000_000;
    public const long LedgerTransactionBytesMax = 266_240;
    public const long LedgerWriteEntriesMax = 1_000;
    public const long LedgerWriteBytesMax = 286_720;
    public const int TxFootprintEntriesMax = 400;
    public const int TxDiskReadEntriesMax = 200;
    public const uint TxDiskReadBytesMax = 200_000;
    public const int TxWriteEntriesMax = 200;
    public const uint TxWriteBytesMax = 132_096;
    public const int TxSizeBytesMax = 132_096;
    public const int TxEventsBytesMax = 16_384;
    public const int KeySizeBytesMax = 250;
    public const uint MaxEntryTtlLedgers = 3_110_400;
    public const uint MinTemporaryTtlLedgers = 17_280;
    public const int SubEntriesMax = 1_000;

    public const long FeePerInstructionIncrement = 25;
    public const long InstructionIncrement = 10_000;
    public const long FeePerDiskReadEntry = 6_250;
    public const long FeePerWriteEntry = 10_000;
    public const long FeePerDiskRead1Kb = 1_786;
    public const long FeePerWrite1Kb = 3_500;
    public const long FeePerHistorical1Kb = 16_235;
    public const long FeePerTransactionSize1Kb = 1_624;
    public const long FeePerEvents1Kb = 10_000;

    /// <summary>Bytes of transaction result that history is charged for beside the envelope.</summary>
    public const int TxBaseResultBytes = 300;

    public const long RentFee1KbWrite = 1_000;
    public const long PersistentRentDenominator = 1_215;
    public const long TemporaryRentDenominator = 2_430;

    /// <summary>Bytes of a TTL entry, written whenever rent is paid.</summary>
    public const int TtlEntryBytes = 48;

    /// <summary>A transaction waits this many ledgers in the queue, then it is banned (stellar-core TRANSACTION_QUEUE_TIMEOUT_LEDGERS).</summary>
    public const int PendingLedgers = 4;

    /// <summary>A banned hash is refused for this many ledgers (stellar-core TRANSACTION_QUEUE_BAN_LEDGERS).</summary>
    public const int BanLedgers = 10;

    /// <summary>The queue holds this many ledgers' worth of transactions (stellar-core TRANSACTION_QUEUE_SIZE_MULTIPLIER).</summary>
    public const int QueueSizeMultiplier = 2;

    /// <summary>Inclusion fee factor that replaces a pending fee bump (stellar-core TransactionQueue::FEE_MULTIPLIER).</summary>
    public const int ReplaceByFeeMultiplier = 10;

    /// <summary>Seconds of validity that the queue asks for beyond the last close (two expected closes of 5 s).</summary>
    public const ulong QueueCloseTimeOffsetSeconds = 10;
}
