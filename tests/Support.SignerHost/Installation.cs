using Payouts.Contracts;
using Payouts.Signer.Configuration;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using StellarOrder = Payouts.Stellar.PayoutOrder;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Tests.Support;

/// <summary>One installation of the suite as the signer sees it: keys, contract, channels. All keys are derived from fixed secrets.</summary>
internal sealed class Installation
{
    public const string ChannelSecretHex = "0f0e0d0c0b0a09080706050403020100f0e0d0c0b0a090807060504030201000";

    public const long FeeStroopsMax = 2_000_000;

    private static readonly byte[] Secret = Convert.FromHexString("a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0");

    public Network Network { get; init; } = Network.Testnet;

    /// <summary>The round of an order that names none: tests that share a host take one each.</summary>
    public uint Round { get; init; } = 7;

    public KeyPair PayoutKey { get; } = KeyDerivation.Derive(Secret, 0);

    /// <summary>Keys of signers outside; they count when <see cref="Signers"/> names them.</summary>
    public IReadOnlyList<KeyPair> SignerKeys { get; } = [.. Enumerable.Range(0, 20).Select(number => KeyDerivation.Derive(Secret, 200 + (uint)number))];

    /// <summary>PAYOUT_SOURCE_SIGNERS and PAYOUT_SOURCE_THRESHOLD; null: the payout source's own key.</summary>
    public (string Keys, int Threshold)? Signers { get; init; }

    public KeyPair StrangerKey { get; } = KeyDerivation.Derive(Secret, 99);

    public AccountId Winner { get; } = KeyDerivation.Derive(Secret, 7).AccountId;

    public ContractId Contract { get; } = new(Enumerable.Repeat((byte)0x5a, 32).ToArray());

    public ContractId Token { get; } = new(Enumerable.Repeat((byte)0x3c, 32).ToArray());

    /// <summary>Channel accounts 0 and 3 of the channel secret: the numbers need not be contiguous.</summary>
    public IReadOnlyList<KeyPair> Channels { get; } =
        [KeyDerivation.Derive(Convert.FromHexString(ChannelSecretHex), 0), KeyDerivation.Derive(Convert.FromHexString(ChannelSecretHex), 3)];

    public PayoutContractCall Call => new(Contract);

    public SignerPolicy Policy => new()
    {
        Network = Network,
        Call = Call,
        PayoutSource = PayoutKey.AccountId,
        Channels = Channels.Select(key => key.AccountId).Append(PayoutKey.AccountId).ToHashSet(),
        FeeStroopsMax = FeeStroopsMax,
        Tokens = new Dictionary<string, ContractId> { ["XLM"] = Token },
        Signers = Signers is var (keys, threshold) ? SourceSigners.Of(SourceSigners.ParseKeys(keys), threshold) : SourceSigners.Alone(PayoutKey.AccountId),
    };

    /// <summary>The first of <see cref="SignerKeys"/> with these weights.</summary>
    public static Installation WithSigners(int threshold, params int[] weights) => new() { Signers = (new Installation().Weighted(weights), threshold) };

    /// <summary>The same as text.</summary>
    public string Weighted(params int[] weights) => string.Join(',', weights.Zip(SignerKeys, (weight, key) => $"{key.AccountId}={weight}"));

    public SigningKeys Keys(bool hot = false) => new(hot ? PayoutKey : null, Channels.ToDictionary(key => key.AccountId));

    public Contracts.PayoutOrder Order(uint? round = null, string amount = "12.5", string currency = "XLM") => new()
    {
        Context = "arena",
        PoolId = 3,
        RoundNumber = round ?? Round,
        Winner = Winner.ToString(),
        Amount = Stroops.Parse(amount),
        Currency = currency,
    };

    public PayoutId IdOf(Contracts.PayoutOrder order) =>
        PayoutId.Derive(Network.Passphrase, Contract.ToString(), order.Context, order.PoolId, order.RoundNumber, order.Winner);

    public RoundResolved Resolved(params Contracts.PayoutOrder[] orders) => new()
    {
        RoundId = $"round-{orders[0].RoundNumber}",
        Context = orders[0].Context,
        PoolId = orders[0].PoolId,
        RoundNumber = orders[0].RoundNumber,
        Currency = orders[0].Currency,
        Owed = orders.Aggregate(Stroops.Zero, (sum, order) => sum + order.Amount),
        Payouts = [.. orders.Select(order => new OwedPayout { Winner = order.Winner, Amount = order.Amount })],
    };

    /// <summary>The transaction that payout-builder builds for the order.</summary>
    public Transaction Build(Contracts.PayoutOrder order, DateTimeOffset validUntil, AccountId? channel = null, long sequenceNumber = 4_294_967_297)
    {
        var key = new PayoutKey(order.Context, order.PoolId, order.RoundNumber, AccountId.Parse(order.Winner));
        var operation = Call.Pay(new StellarOrder(key, order.Amount.Value, Currency.Parse(order.Currency)));
        var authorized = new SorobanAuthorizedInvocation(new SorobanAuthorizedFunction.ContractFn(((HostFunction.InvokeContract)operation.Function).Value), []);
        return new TransactionBuilder(channel ?? Channels[0].AccountId, sequenceNumber)
            .Add(operation with
            {
                Source = PayoutKey.AccountId,
                Authorizations = [new SorobanAuthorizationEntry(new SorobanCredentials.SourceAccount(), authorized)],
            })
            .ValidUntil(validUntil)
            .ValidInLedgers(0, 1_000)
            .SorobanData(new SorobanTransactionData(
                new SorobanTransactionDataExt.V0(), new SorobanResources(new LedgerFootprint([], []), 1_000_000, 4_000, 2_000), ResourceFee: 90_000))
            .Build();
    }

    /// <summary>The transaction that pays another order on the slot of <paramref name="instead"/>.</summary>
    public Transaction Build(Contracts.PayoutOrder order, Transaction instead) =>
        Build(order, DateTimeOffset.FromUnixTimeSeconds((long)instead.TimeBounds!.MaxTime), instead.Source, instead.SequenceNumber);

    /// <summary>The command for a transaction, as payout-builder sends it.</summary>
    public SignPayout Command(Contracts.PayoutOrder order, Transaction transaction, int attempt = 1) => new()
    {
        PayoutId = IdOf(order),
        Attempt = attempt,
        Order = order,
        Slot = new SequenceSlot { Channel = transaction.Source.ToString(), SequenceNumber = transaction.SequenceNumber },
        TransactionHash = transaction.Hash(Network).ToString(),
        UnsignedXdr = transaction.ToBase64(),
        ValidUntil = DateTimeOffset.FromUnixTimeSeconds((long)(transaction.TimeBounds?.MaxTime ?? 0)),
    };

    /// <summary>The authorization of the order, unsigned.</summary>
    public SorobanAuthorizationEntry Authorization(Contracts.PayoutOrder order, uint expirationLedger = 5_000) => PayoutAuthorization.Of(
        Call, new StellarOrder(new PayoutKey(order.Context, order.PoolId, order.RoundNumber, AccountId.Parse(order.Winner)), order.Amount.Value, Currency.Parse(order.Currency)),
        PayoutKey.AccountId, IdOf(order).AuthorizationNonce(), expirationLedger);

    /// <summary>The command that asks for it, as payout-builder sends it.</summary>
    public AuthorizePayout Authorize(Contracts.PayoutOrder order, SorobanAuthorizationEntry? entry = null, int attempt = 1)
    {
        entry ??= Authorization(order);
        return new AuthorizePayout
        {
            PayoutId = IdOf(order),
            Attempt = attempt,
            Order = order,
            AuthorizationHash = Convert.ToHexStringLower(SorobanAuthorization.Hash(entry, Network).Value.Span),
            PreimageXdr = XdrCodec.ToBase64(SorobanAuthorization.Preimage(entry, Network)),
            ExpirationLedger = SorobanAuthorization.Credentials(entry).SignatureExpirationLedger,
            ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000),
        };
    }

    /// <summary>The transaction that payout-builder builds for an authorized order: it acts for its channel.</summary>
    public Transaction BuildAuthorized(Contracts.PayoutOrder order, XdrArray<SorobanAuthorizationEntry> carried)
    {
        var built = Build(order, DateTimeOffset.FromUnixTimeSeconds(4_000_000_000));
        var operation = built.Body.Operations[0];
        var invoke = ((OperationBody.InvokeHostFunction)operation.Body).Value;
        return new Transaction(new TransactionV1Envelope(built.Body with
        {
            Operations = [operation with { SourceAccount = null, Body = new OperationBody.InvokeHostFunction(invoke with { Auth = carried }) }],
        }, []));
    }

    /// <summary>The bare signature of <paramref name="key"/> over a request's hash, as a KMS returns it.</summary>
    public static SigningCompleted Answer(SigningRequested request, KeyPair key) => new()
    {
        RequestId = request.RequestId,
        TransactionHash = request.TransactionHash,
        Signatures = [new SignatureByKey { PublicKey = key.AccountId.ToString(), Signature = Convert.ToBase64String(key.Sign(Convert.FromHexString(request.TransactionHash))) }],
    };

    /// <summary>The settings with which the service starts on this installation.</summary>
    public Dictionary<string, string?> Settings(string databaseUrl) => new()
    {
        ["DATABASE_URL"] = databaseUrl,
        ["RABBITMQ_URL"] = "inmemory",
        ["STELLAR_NETWORK_PASSPHRASE"] = Network.Passphrase,
        ["PAYOUT_CONTRACT_ID"] = Contract.ToString(),
        ["PAYOUT_SOURCE_ACCOUNT"] = PayoutKey.AccountId.ToString(),
        ["PAYOUT_SOURCE_SIGNERS"] = Signers?.Keys,
        ["PAYOUT_SOURCE_THRESHOLD"] = Signers?.Threshold.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["PAYOUT_CHANNEL_SECRET"] = ChannelSecretHex,
        ["PAYOUT_CHANNEL_ACCOUNTS"] = string.Join(",", Channels.Select(key => key.AccountId)),
    };
}
