using System.Threading.Channels;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Queue;
using Payouts.Devnet.Transactions;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Friendbot;

/// <summary>Gives new accounts lumens, by real transactions. Several purses, because an account has one transaction pending at a time.</summary>
public sealed class FriendbotService : IDisposable
{
    /// <summary>10,000 lumens, as the public friendbot gives.</summary>
    public const long StartingBalanceStroops = 100_000_000_000;

    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(5);

    private readonly Chain chain;
    private readonly TimeProvider clock;
    private readonly Channel<KeyPair> purses = Channel.CreateUnbounded<KeyPair>();
    private readonly List<KeyPair> keys = [];

    public FriendbotService(Chain chain, TimeProvider clock)
    {
        this.chain = chain;
        this.clock = clock;
        for (var i = 0; i < Chain.FriendbotPurses; i++)
        {
            var key = Genesis.FriendbotKey(chain.Options, i);
            keys.Add(key);
            purses.Writer.TryWrite(key);
        }
    }

    /// <summary>Waits until the account is on the ledger.</summary>
    /// <returns>Null when the account exists already.</returns>
    public async Task<FriendbotGift?> FundAsync(AccountId account, CancellationToken cancellation)
    {
        var purse = await purses.Reader.ReadAsync(cancellation);
        try
        {
            var closed = chain.NextClose();
            var frame = Build(purse, account);
            if (frame is null)
            {
                return null;
            }

            var answer = chain.Submit(frame);
            if (answer is not (QueueAnswer.Pending or QueueAnswer.Duplicate))
            {
                throw new InvalidOperationException($"friendbot's own transaction was answered {answer.GetType().Name}");
            }

            return await WaitAsync(frame, account, closed, cancellation);
        }
        finally
        {
            purses.Writer.TryWrite(purse);
        }
    }

    public void Dispose() => keys.ForEach(key => key.Dispose());

    private async Task<FriendbotGift?> WaitAsync(TransactionFrame frame, AccountId account, Task closed, CancellationToken cancellation)
    {
        for (var ledgers = 0; ledgers <= NetworkLimits.PendingLedgers; ledgers++)
        {
            if (chain.Options.CloseTime == TimeSpan.Zero)
            {
                // Nobody else may be closing ledgers here: a gift that nobody can wait for helps no test.
                chain.CloseLedger();
            }

            await closed.WaitAsync(cancellation);
            closed = chain.NextClose();
            var record = chain.Read(c => c.History.Find(frame.Hash));
            if (record is not null)
            {
                return record.Succeeded ? new FriendbotGift(record) : null;
            }
        }

        throw new InvalidOperationException($"no ledger took friendbot's gift to {account}");
    }

    private TransactionFrame? Build(KeyPair purse, AccountId account)
    {
        var sequence = chain.Read(c => c.State.Account(account.ToXdr()) is null ? c.State.Account(purse.AccountId.ToXdr())!.SeqNum + 1 : (long?)null);
        if (sequence is null)
        {
            return null;
        }

        var transaction = new TransactionBuilder(purse.AccountId, sequence.Value)
            .Add(new Stellar.CreateAccountOperation(account, StartingBalanceStroops))
            .InclusionFeePerOperation((uint)Math.Max(TransactionBuilder.InclusionFeeMin, (uint)chain.Options.BaseFeeStroops))
            .ValidUntil(clock.GetUtcNow() + Validity)
            .Build()
            .Sign(chain.Network, purse);
        return TransactionFrame.Of(transaction.ToEnvelope(), chain.Network);
    }
}

/// <summary>The transaction that created the account.</summary>
public sealed record FriendbotGift(History.TransactionRecord Transaction);
