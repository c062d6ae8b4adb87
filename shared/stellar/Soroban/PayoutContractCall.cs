using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>What a contract call turned out to be when it was read back.</summary>
public abstract record DecodedPayout
{
    private DecodedPayout()
    {
    }

    /// <summary>A call of the payout method; what the layout does not carry is null.</summary>
    public sealed record Call(string? Context, uint? PoolId, uint? RoundId, Address Winner, Int128 Amount, Currency? Currency) : DecodedPayout
    {
        /// <summary>Further winners of the same call.</summary>
        public XdrArray<PayoutShare> Others { get; init; } = XdrArray<PayoutShare>.Empty;

        /// <summary>Everybody whom this call pays.</summary>
        public IEnumerable<PayoutShare> Shares => Others.Prepend(new PayoutShare(Winner, Amount));

        /// <summary>The same as a call for each winner.</summary>
        public IEnumerable<Call> Each() => Shares.Select(share => this with { Winner = share.Winner, Amount = share.Amount, Others = XdrArray<PayoutShare>.Empty });

        /// <summary>Whether everything this call says is what <paramref name="order"/> orders.</summary>
        public bool Matches(PayoutOrder order) => Shares.SequenceEqual(order.Shares) && IsOfTheSameRound(order);

        /// <summary>Whether this call pays the first winner of <paramref name="order"/> what is ordered, whoever else it pays.</summary>
        public bool Pays(PayoutOrder order) => Shares.Contains(new PayoutShare(order.Key.Winner, order.Amount)) && IsOfTheSameRound(order);

        private bool IsOfTheSameRound(PayoutOrder order) =>
            (Context is null || Context == order.Key.Context)
            && (PoolId is null || PoolId == order.Key.PoolId)
            && (RoundId is null || RoundId == order.Key.RoundId)
            && (Currency is null || Currency == order.Currency);
    }

    /// <summary>Something else; nothing like it may be signed.</summary>
    public sealed record NotThePayout(string Reason) : DecodedPayout;
}

/// <summary>
/// The payout contract as this installation calls it: its id, its method and the order of the arguments. Builds the call and reads one back
/// into named values, so that a signer can compare it with the order independently of who built it.
/// </summary>
public sealed class PayoutContractCall(ContractId contract, string method = PayoutContractCall.DefaultMethod, PayoutArgumentLayout? layout = null)
{
    public const string DefaultMethod = "distribute_winnings";

    private const string IsProcessedMethod = "is_payout_processed";
    private const string GetPayoutMethod = "get_payout";

    private readonly string _method = method.Length > 0 && ScVal.IsSymbol(method)
        ? method
        : throw new FormatException($"'{method}' is not a contract method: 1 to 32 of a-z, A-Z, 0-9 and _ are right");

    public ContractId Contract => contract;

    public string Method => _method;

    public PayoutArgumentLayout Layout { get; } = layout ?? PayoutArgumentLayout.Default;

    /// <summary>The call that pays <paramref name="order"/>.</summary>
    /// <exception cref="ArgumentException">An amount is not positive, the currency's form is not the layout's, or the method does not take these winners.</exception>
    public InvokeHostFunctionOperation Pay(PayoutOrder order)
    {
        var lowest = order.Shares.Min(share => share.Amount);
        if (lowest <= 0)
        {
            throw new ArgumentException($"A payout of {lowest} stroops pays nothing: the amount must be positive.", nameof(order));
        }

        if (Layout.Shape == PayoutShape.Single && order.Others.Count > 0)
        {
            throw new ArgumentException($"{_method} pays one winner a call, not {order.Others.Count + 1}.", nameof(order));
        }

        if (Layout.Shape == PayoutShape.Prize && order.Others.Any(share => share.Amount != order.Amount))
        {
            throw new ArgumentException($"{_method} pays every winner the same: the amounts of this round differ.", nameof(order));
        }

        return InvokeHostFunctionOperation.ContractCall(contract, _method, Layout.Order.Select(argument => Encode(argument, order)));
    }

    /// <summary>The read-only call that asks whether the contract has paid this key; its answer is a bool.</summary>
    public InvokeHostFunctionOperation IsPayoutProcessed(PayoutKey key) =>
        InvokeHostFunctionOperation.ContractCall(contract, IsProcessedMethod, KeyArguments(key));

    /// <summary>The read-only call that asks what the contract paid for this key; see <see cref="DecodeRecord"/>.</summary>
    public InvokeHostFunctionOperation GetPayout(PayoutKey key) =>
        InvokeHostFunctionOperation.ContractCall(contract, GetPayoutMethod, KeyArguments(key));

    /// <summary>Reads the answer of <see cref="GetPayout"/>; null: the contract knows no such payout.</summary>
    /// <exception cref="ScValException">Not the contract's PayoutData.</exception>
    public static PayoutRecord? DecodeRecord(SCVal answer)
    {
        if (answer is SCVal.Void)
        {
            return null;
        }

        var map = answer.AsSymbolMap();
        return new PayoutRecord(Field("winner").AsAddress(), Field("amount").AsI128(), PayoutEvents.AsCurrency(Field("currency")), Field("paid").AsBool());

        SCVal Field(string name) => map.TryGetValue(name, out var value) ? value : throw new ScValException($"the payout's record has no '{name}'");
    }

    /// <summary>Reads the one call of a transaction back into named values, inside a fee bump too.</summary>
    public DecodedPayout Decode(TransactionEnvelope envelope)
    {
        var operations = envelope switch
        {
            TransactionEnvelope.Tx plain => plain.Value.Tx.Operations,
            TransactionEnvelope.TxFeeBump { Value.Tx.InnerTx: FeeBumpTransactionInnerTx.Tx inner } => inner.Value.Tx.Operations,
            _ => [],
        };
        return operations.Count == 1 ? Decode(operations[0]) : new DecodedPayout.NotThePayout($"the transaction has {operations.Count} operations, one is right");
    }

    /// <summary>Reads one operation back into named values.</summary>
    public DecodedPayout Decode(Xdr.Operation operation)
    {
        if (operation.Body is not OperationBody.InvokeHostFunction { Value.HostFunction: HostFunction.InvokeContract { Value: var call } })
        {
            return new DecodedPayout.NotThePayout($"the operation is {operation.Body.Discriminant}, not a contract call");
        }

        if (call.ContractAddress != contract.ToScAddress())
        {
            return new DecodedPayout.NotThePayout($"it calls another contract than {contract}");
        }

        if (call.FunctionName != new SCSymbol(_method))
        {
            return new DecodedPayout.NotThePayout($"it calls another method than {_method}");
        }

        if (call.Args.Count != Layout.Order.Count)
        {
            return new DecodedPayout.NotThePayout($"it has {call.Args.Count} arguments, {Layout.Order.Count} are right");
        }

        try
        {
            return Decode(call.Args);
        }
        catch (ScValException exception)
        {
            return new DecodedPayout.NotThePayout(exception.Message);
        }
    }

    private DecodedPayout.Call Decode(XdrArray<SCVal> arguments)
    {
        var shares = Layout.Shape switch
        {
            PayoutShape.Single => [new PayoutShare(Find(PayoutArgument.Winner)!.AsAddress(), Find(PayoutArgument.Amount)!.AsI128())],
            PayoutShape.List => DecodeList(Find(PayoutArgument.Payouts)!),
            _ => DecodePrize(Find(PayoutArgument.Winners)!, Find(PayoutArgument.TotalPrize)!.AsI128()),
        };
        return new DecodedPayout.Call(
            Find(PayoutArgument.Context)?.AsSymbol(),
            Find(PayoutArgument.PoolId)?.AsU32(),
            Find(PayoutArgument.RoundId)?.AsU32(),
            shares[0].Winner,
            shares[0].Amount,
            Find(PayoutArgument.Currency) is { } currency ? PayoutEvents.AsCurrency(currency) : null)
        {
            Others = shares.Skip(1).ToXdrArray(),
        };

        SCVal? Find(PayoutArgument argument)
        {
            for (var i = 0; i < Layout.Order.Count; i++)
            {
                if (Layout.Order[i] == argument)
                {
                    return arguments[i];
                }
            }

            return null;
        }
    }

    private static List<PayoutShare> DecodeList(SCVal payouts) => NotEmpty([.. payouts.AsVec().Select(pair =>
        pair.AsVec() is [var winner, var amount] ? new PayoutShare(winner.AsAddress(), amount.AsI128()) : throw new ScValException("an entry of the list is not (winner, amount)"))]);

    private static List<PayoutShare> DecodePrize(SCVal winners, Int128 total)
    {
        var list = winners.AsVec();
        // What does not divide goes to the treasury; such a call pays each the rounded share.
        return NotEmpty([.. list.Select(winner => new PayoutShare(winner.AsAddress(), total / list.Count))]);
    }

    private static List<PayoutShare> NotEmpty(List<PayoutShare> shares) => shares.Count > 0 ? shares : throw new ScValException("the list of winners is empty");

    private SCVal Encode(PayoutArgument argument, PayoutOrder order) => argument switch
    {
        PayoutArgument.Context => ScVal.Symbol(order.Key.Context),
        PayoutArgument.PoolId => ScVal.U32(order.Key.PoolId),
        PayoutArgument.RoundId => ScVal.U32(order.Key.RoundId),
        PayoutArgument.Winner => ScVal.Address(order.Key.Winner),
        PayoutArgument.Amount => ScVal.I128(order.Amount),
        PayoutArgument.Payouts => ScVal.Vec(order.Shares.Select(share => ScVal.Vec(ScVal.Address(share.Winner), ScVal.I128(share.Amount)))),
        PayoutArgument.Winners => ScVal.Vec(order.Shares.Select(share => ScVal.Address(share.Winner))),
        PayoutArgument.TotalPrize => ScVal.I128(order.Amount * (order.Others.Count + 1)),
        PayoutArgument.Currency => (order.Currency, Layout.Currency) switch
        {
            (Currency.Symbol symbol, CurrencyForm.Symbol) => ScVal.Symbol(symbol.Name),
            (Currency.Token token, CurrencyForm.Address) => ScVal.Address(token.Contract),
            _ => throw new ArgumentException($"The contract takes its currency as {Layout.Currency}; '{order.Currency}' is not one.", nameof(order)),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(argument), argument, "An argument of the payout method is unknown."),
    };

    private static IEnumerable<SCVal> KeyArguments(PayoutKey key) =>
        [ScVal.Symbol(key.Context), ScVal.U32(key.PoolId), ScVal.U32(key.RoundId), ScVal.Address(key.Winner)];
}

/// <summary>What the contract remembers of a payout. Error(Contract, #3), already paid, means: compare this, amount included.</summary>
/// <param name="Amount">Stroops.</param>
public sealed record PayoutRecord(Address Winner, Int128 Amount, Currency Currency, bool Paid);
