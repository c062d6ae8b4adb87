using System.Text;
using Payouts.Devnet.History;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.State;

/// <summary>The ledger between two runs: all entries and the kept history. The queue is not in it: a restarted node has forgotten it too.</summary>
public static class StateFile
{
    private const string Magic = "payouts devnet state 2";
    private const string Key = "DEVNET_STATE_FILE";

    /// <summary>Writes the whole state beside the file first, so that a crash leaves the old one.</summary>
    public static void Save(Chain chain, string path)
    {
        var beside = path + ".new";
        using (var writer = new BinaryWriter(File.Create(beside), Encoding.UTF8))
        {
            chain.Read(c =>
            {
                Write(c, writer);
                return true;
            });
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <returns>False when there is no file yet.</returns>
    /// <exception cref="DevnetOptionsException">The file is of another network or seed, or no state at all.</exception>
    public static bool TryLoad(DevnetOptions options, LedgerState state, LedgerHistory history)
    {
        if (options.StateFile is not { } path || !File.Exists(path))
        {
            return false;
        }

        using var reader = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
        try
        {
            Require(reader.ReadString() == Magic, "names a file that holds no state of this version of the devnet");
            Require(reader.ReadString() == options.NetworkPassphrase, "names a state of another network: start with its DEVNET_NETWORK_PASSPHRASE");
            Require(reader.ReadInt64() == options.Seed, "names a state of another seed: start with its DEVNET_SEED");
            Read(reader, state, history);
        }
        catch (Exception error) when (error is EndOfStreamException or XdrException or FormatException or DecoderFallbackException)
        {
            throw new DevnetOptionsException(Key, $"names a damaged state ({error.Message}): remove the file to start anew");
        }

        return true;
    }

    private static void Write(Chain chain, BinaryWriter writer)
    {
        writer.Write(Magic);
        writer.Write(chain.Options.NetworkPassphrase);
        writer.Write(chain.Options.Seed);
        writer.Write(chain.State.Count);
        foreach (var (key, entry) in chain.State.All)
        {
            WriteBytes(writer, key.Xdr);
            WriteBytes(writer, XdrCodec.ToBytes(entry.Entry));
            writer.Write(entry.LiveUntil ?? 0);
        }

        var ledgers = chain.History.All.ToList();
        writer.Write(ledgers.Count);
        foreach (var ledger in ledgers)
        {
            WriteBytes(writer, XdrCodec.ToBytes(ledger.Header));
            writer.Write(ledger.Fees.Classic);
            writer.Write(ledger.Fees.Soroban);
            writer.Write(ledger.Transactions.Count);
            foreach (var transaction in ledger.Transactions)
            {
                Write(transaction, writer);
            }
        }
    }

    private static void Write(TransactionRecord transaction, BinaryWriter writer)
    {
        writer.Write(transaction.Hash.Bytes);
        writer.Write(transaction.InnerHash.Bytes);
        writer.Write(transaction.IsSoroban);
        writer.Write(transaction.Succeeded);
        writer.Write(transaction.InclusionFeePerOperation);
        WriteBytes(writer, transaction.EnvelopeXdr);
        WriteBytes(writer, transaction.ResultXdr);
        WriteBytes(writer, transaction.MetaXdr);
        WriteBytes(writer, transaction.FeeChangesXdr);
        WriteBytes(writer, transaction.RefundChangesXdr);
    }

    private static void Read(BinaryReader reader, LedgerState state, LedgerHistory history)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var key = EntryKey.OfXdr(ReadBytes(reader));
            var entry = XdrCodec.FromBytes<LedgerEntry>(ReadBytes(reader));
            var liveUntil = reader.ReadUInt32();
            state.Set(key, new StoredEntry(entry, liveUntil == 0 ? null : liveUntil));
        }

        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var header = XdrCodec.FromBytes<LedgerHeaderHistoryEntry>(ReadBytes(reader));
            var fees = new PhaseFees(reader.ReadInt64(), reader.ReadInt64());
            var transactions = new TransactionRecord[reader.ReadInt32()];
            for (var i = 0; i < transactions.Length; i++)
            {
                transactions[i] = ReadTransaction(reader, header.Header, i + 1);
            }

            history.Add(new LedgerRecord(header, transactions, fees));
        }
    }

    private static TransactionRecord ReadTransaction(BinaryReader reader, LedgerHeader header, int order)
    {
        var hash = new TransactionHash(reader.ReadBytes(32));
        var inner = new TransactionHash(reader.ReadBytes(32));
        return new TransactionRecord
        {
            Hash = hash,
            InnerHash = inner,
            Ledger = header.LedgerSeq,
            CloseTime = header.ScpValue.CloseTime,
            ApplicationOrder = order,
            IsFeeBump = hash != inner,
            IsSoroban = reader.ReadBoolean(),
            Succeeded = reader.ReadBoolean(),
            InclusionFeePerOperation = reader.ReadInt64(),
            EnvelopeXdr = ReadBytes(reader),
            ResultXdr = ReadBytes(reader),
            MetaXdr = ReadBytes(reader),
            FeeChangesXdr = ReadBytes(reader),
            RefundChangesXdr = ReadBytes(reader),
        };
    }

    private static void WriteBytes(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        var bytes = length >= 0 && length <= XdrLimits.Default.BytesMax ? reader.ReadBytes(length) : throw new FormatException("a length is out of bounds");
        return bytes.Length == length ? bytes : throw new EndOfStreamException("the file ends too early");
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new DevnetOptionsException(Key, problem);
        }
    }
}
