using System.Globalization;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Operation = Payouts.Stellar.Operation;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Channels.Ledger;

/// <summary>How the funder works.</summary>
public sealed record FunderOptions
{
    /// <summary>The most it bids for an operation, in stroops.</summary>
    public required uint BidMaxStroops { get; init; }

    /// <summary>Between two looks at the ledger.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <summary>How long a silent network is waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an envelope is valid, counted from the newest ledger's close time: ten ledgers, and far above the ten seconds that a node wants to spare.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What one transaction shall do.</summary>
/// <param name="Members">The accounts that it is about.</param>
/// <param name="Need">Given an account as it is, what is missing of it; null: nothing.</param>
/// <param name="Cost">What the operation takes from the funder, in stroops.</param>
/// <param name="SignerOf">Whose signature it needs beside the funder's; null: nobody's.</param>
public sealed record Batch(
    IReadOnlyList<PoolMember> Members, Func<PoolMember, AccountEntry?, Operation?> Need, Func<Operation, long> Cost, Func<PoolMember, KeyPair>? SignerOf = null);

/// <summary>What came of it.</summary>
/// <param name="Changed">The accounts for which something was done, now.</param>
/// <param name="Transactions">Transactions that the ledger applied.</param>
/// <param name="FeeStroops">What they cost.</param>
public sealed record BatchResult(IReadOnlyList<PoolMember> Changed, int Transactions, long FeeStroops);

/// <summary>
/// Changes accounts by transactions of one account, one after the other. Each is made from one consistent answer that holds the funder and all
/// accounts that it is about, and takes the number after the funder's in that answer. So it can only be applied while nothing that the funder did
/// since is missing from that picture: whoever was killed, lagged or ran twice, nothing is done a second time. An envelope is followed to its end
/// before the next is made.
/// </summary>
public sealed class Funder(ISorobanRpcClient rpc, Network network, KeyPair key, FunderOptions options, TimeProvider time)
{
    /// <summary>Transactions for one batch before a human looks: each ended without doing it.</summary>
    public const int TriesMax = 10;

    private readonly EnvelopeFollower _follower = new(rpc, options.PollInterval, options.Patience, time);
    private long _consumed;
    private uint _bid;

    /// <summary>Whose numbers are used.</summary>
    public AccountId Account => key.AccountId;

    /// <summary>Brings every account of the batch to where nothing is missing.</summary>
    /// <exception cref="CommandException">It cannot be done, or nobody answers; what was done stays.</exception>
    /// <exception cref="SorobanRpcException">No endpoint answered a read.</exception>
    public async Task<BatchResult> SettleAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (batch.Members.Count > TransactionBuilder.OperationsMax)
            throw new ArgumentException($"A transaction has at most {TransactionBuilder.OperationsMax} operations, not {batch.Members.Count}.", nameof(batch));
        var (transactions, fees, why) = (0, 0L, "");
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var (newest, reserve) = await NewestAsync(cancellationToken);
            var bid = await BidAsync(cancellationToken);
            var picture = await PictureAsync(batch.Members, cancellationToken);
            var work = batch.Members.Select(member => (Member: member, Operation: batch.Need(member, picture.Find(member.Account)))).Where(x => x.Operation is not null).ToList();
            if (work.Count == 0)
                return new BatchResult([], transactions, fees);
            var funder = picture.Find(Account)!;
            RequireMoney(funder, reserve, work.Sum(x => batch.Cost(x.Operation!)) + ((long)bid * work.Count), work.Count);
            var transaction = Sign(Build(funder.SeqNum + 1, work.ConvertAll(x => x.Operation!), bid, newest + options.Validity), batch, work.Select(x => x.Member));
            var hash = transaction.Hash(network);
            switch (await _follower.FollowAsync(transaction, hash, cancellationToken))
            {
                case EnvelopeEnd.Applied { Transaction: var applied }:
                    _consumed = transaction.SequenceNumber;
                    var result = applied.Result.Decode();
                    (transactions, fees) = (transactions + 1, fees + result.FeeCharged);
                    if (applied.Status == TransactionStatus.SUCCESS)
                        return new BatchResult(work.ConvertAll(x => x.Member), transactions, fees);
                    why = WhyFailed(result, hash, work.ConvertAll(x => x.Member));
                    break;
                case EnvelopeEnd.Overtaken:
                    _consumed = transaction.SequenceNumber;
                    why = $"another transaction of {Account} took the number {transaction.SequenceNumber}: an earlier run's, or somebody else uses the account";
                    break;
                case EnvelopeEnd.Dead { LastAnswer: var answer }:
                    why = $"no ledger took transaction {hash} within {options.Validity.TotalSeconds:0} s; the last answer was {Describe(answer)}";
                    // Another one like it would be refused the same way.
                    if (!EnvelopeFollower.MayBeTaken(answer))
                        throw new CommandException(ExitCodes.Wrong, why);
                    _bid = Math.Min(options.BidMaxStroops, bid * 2);
                    break;
                case EnvelopeEnd.Unknown unknown:
                    throw new CommandException(ExitCodes.Unfinished, $"transaction {hash} may or may not be applied: {unknown.Why}; run the same command again");
            }
        }

        throw new CommandException(ExitCodes.Wrong, $"{TriesMax} transactions did not do it; {why}");
    }

    /// <summary>Funder and members at one ledger that shows every number of the funder that is known to be consumed.</summary>
    private async Task<AccountsAtLedger> PictureAsync(IReadOnlyList<PoolMember> members, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var picture = await AccountReader.ReadSnapshotAsync(rpc, members.Select(x => x.Account).Prepend(Account), cancellationToken);
            if (picture.Find(Account) is { } funder && funder.SeqNum >= _consumed)
                return picture;
            if (picture.Find(Account) is null && _consumed == 0)
                throw new CommandException(ExitCodes.Wrong, $"the account {Account} of {ToolSettings.FunderSecretName} does not exist on this network; fund it first");
            if (time.GetElapsedTime(began) > options.Patience)
                throw new CommandException(ExitCodes.Unfinished, $"the network shows a state of {Account} that is older than its last transaction; run the same command again");
            await Task.Delay(options.PollInterval, time, cancellationToken);
        }
    }

    private async Task<(DateTimeOffset ClosedAt, long BaseReserve)> NewestAsync(CancellationToken cancellationToken)
    {
        var newest = await rpc.GetLatestLedgerAsync(cancellationToken);
        var reserve = newest.Header is { } encoded && encoded.TryDecode(out var header) ? header.BaseReserve : Reserves.BaseReserveStroops;
        var closedAt = newest.CloseTime ?? (await rpc.GetHealthAsync(cancellationToken)).LatestLedgerCloseTime
            ?? throw new CommandException(ExitCodes.Unfinished, "no server tells the newest ledger's close time, from which validity is counted");
        return (closedAt, reserve);
    }

    /// <summary>What nine of ten bids paid lately, or what a bid in vain was doubled to.</summary>
    private async Task<uint> BidAsync(CancellationToken cancellationToken)
    {
        var market = (await rpc.GetFeeStatsAsync(cancellationToken)).InclusionFee.P90;
        return Math.Max(_bid, (uint)Math.Clamp(market, TransactionBuilder.InclusionFeeMin, options.BidMaxStroops));
    }

    private Transaction Build(long sequenceNumber, IReadOnlyList<Operation> operations, uint bid, DateTimeOffset validUntil)
    {
        var builder = new TransactionBuilder(Account, sequenceNumber).InclusionFeePerOperation(bid).ValidUntil(validUntil);
        foreach (var operation in operations)
            builder.Add(operation);
        return builder.Build();
    }

    private Transaction Sign(Transaction unsigned, Batch batch, IEnumerable<PoolMember> members)
    {
        var signed = unsigned.Sign(network, key);
        if (batch.SignerOf is null)
            return signed;
        foreach (var member in members)
        {
            using var own = batch.SignerOf(member);
            signed = signed.Sign(network, own);
        }

        return signed;
    }

    private void RequireMoney(AccountEntry funder, long reserve, long neededStroops, int operations)
    {
        var spendable = Reserves.Spendable(funder, reserve);
        if (spendable < neededStroops)
            throw new CommandException(ExitCodes.Wrong, string.Create(CultureInfo.InvariantCulture,
                $"{Account} can spend {Reserves.Xlm(spendable)} XLM, but the next {operations} operations need {Reserves.Xlm(neededStroops)}; fund it and run the same command again"));
    }

    /// <summary>Only a race may be tried again: the next picture shows who won it.</summary>
    private static string WhyFailed(TransactionResult result, TransactionHash hash, IReadOnlyList<PoolMember> members)
    {
        if (FailureText.FirstFailure(result) is not var (index, code))
            throw new CommandException(ExitCodes.Wrong, $"the ledger failed transaction {hash}: {result.Result.Discriminant}");
        var why = string.Create(CultureInfo.InvariantCulture, $"the ledger failed transaction {hash} at number {members[index].Number}, {members[index].Account}: {code}");
        return FailureText.IsDoneAlready(code) ? why : throw new CommandException(ExitCodes.Wrong, why);
    }

    private static string Describe(SendOutcome answer) => answer switch
    {
        SendOutcome.Refused refused => $"ERROR {refused.Code?.ToString() ?? "with a result that cannot be read"}",
        SendOutcome.TryAgainLater => "TRY_AGAIN_LATER",
        SendOutcome.Pending => "PENDING",
        SendOutcome.Duplicate => "DUPLICATE",
        SendOutcome.NotSent notSent => notSent.Reason,
        SendOutcome.Unknown unknown => unknown.Reason,
        _ => answer.GetType().Name,
    };
}
