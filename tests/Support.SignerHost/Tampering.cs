using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Operation = Payouts.Stellar.Xdr.Operation;
using FeeBumpTransaction = Payouts.Stellar.FeeBumpTransaction;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Tests.Support;

/// <summary>A command that is wrong in one way, and the refusal that it must meet.</summary>
internal sealed record Tampering(IntentProblem Problem, string Name, Func<Installation, SignPayout> Command)
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    public static IReadOnlyList<Tampering> All { get; } = [.. Announced(), .. Envelope(), .. Bounds(), .. Calls(), .. Authorizations(), .. CarriedTampering.All];

    public static SignPayout Sound(Installation at) => at.Command(at.Order(), at.Build(at.Order(), ValidUntil));

    private static IEnumerable<Tampering> Announced()
    {
        yield return new(IntentProblem.PayoutIdDiffers, "payout id of another debt", at => Sound(at) with { PayoutId = at.IdOf(at.Order(round: 8)) });
        yield return new(IntentProblem.PayoutIdDiffers, "order of another debt", at => Sound(at) with { Order = at.Order(round: 8) });
        yield return new(IntentProblem.OrderUnsound, "amount of zero", at => Sound(at) with { Order = at.Order(amount: "0") });
        yield return new(IntentProblem.OrderUnsound, "negative amount", at => Sound(at) with { Order = at.Order(amount: "-12.5") });
        yield return new(IntentProblem.OrderUnsound, "winner is no account", at => Ordered(at, at.Order() with { Winner = "GNOBODY" }));
        yield return new(IntentProblem.OrderUnsound, "context is no symbol", at => Ordered(at, at.Order() with { Context = "the arena" }));
        yield return new(IntentProblem.OrderUnsound, "currency is no symbol", at => Ordered(at, at.Order() with { Currency = "X L M" }));
        yield return new(IntentProblem.OrderUnsound, "currency is a token, the layout wants a symbol", at => Ordered(at, at.Order() with { Currency = at.Token.ToString() }));
        yield return new(IntentProblem.HashDiffers, "hash of another transaction", at => Sound(at) with { TransactionHash = new string('a', 64) });
        yield return new(IntentProblem.HashDiffers, "hash in capitals", at => Sound(at) with { TransactionHash = Sound(at).TransactionHash.ToUpperInvariant() });
        yield return new(IntentProblem.HashDiffers, "hash on another network", at =>
            Sound(at) with { TransactionHash = at.Build(at.Order(), ValidUntil).Hash(Network.Public).ToString() });
    }

    private static IEnumerable<Tampering> Envelope()
    {
        yield return new(IntentProblem.EnvelopeTooLarge, "oversized", at => Sound(at) with { UnsignedXdr = new string('A', IntentCheck.XdrLengthMax + 4) });
        yield return new(IntentProblem.EnvelopeUnreadable, "no base64", at => Sound(at) with { UnsignedXdr = "not base64" });
        yield return new(IntentProblem.EnvelopeUnreadable, "empty", at => Sound(at) with { UnsignedXdr = "" });
        yield return new(IntentProblem.EnvelopeUnreadable, "cut off", at => Sound(at) with { UnsignedXdr = Sound(at).UnsignedXdr[..^8] });
        yield return new(IntentProblem.EnvelopeUnreadable, "bytes after the envelope", at =>
            Sound(at) with { UnsignedXdr = Convert.ToBase64String([.. Convert.FromBase64String(Sound(at).UnsignedXdr), 0, 0, 0, 0]) });
        yield return new(IntentProblem.EnvelopeUnreadable, "line feed in the base64", at => Sound(at) with { UnsignedXdr = Sound(at).UnsignedXdr + "\n" });
        yield return new(IntentProblem.EnvelopeUnreadable, "fee bump around it", at =>
        {
            var signed = at.Build(at.Order(), ValidUntil).Sign(at.Network, at.PayoutKey);
            return Sound(at) with { UnsignedXdr = FeeBumpTransaction.Wrap(signed, at.StrangerKey.AccountId, 200_000).ToBase64() };
        });
        yield return new(IntentProblem.SignedAlready, "signed by the channel", at =>
            Sound(at) with { UnsignedXdr = at.Build(at.Order(), ValidUntil).Sign(at.Network, at.Channels[0]).ToBase64() });
        yield return new(IntentProblem.ChannelDiffers, "slot of another channel", at =>
            Sound(at) with { Slot = Sound(at).Slot with { Channel = at.Channels[1].AccountId.ToString() } });
        yield return new(IntentProblem.ChannelDiffers, "slot's channel is no account", at => Sound(at) with { Slot = Sound(at).Slot with { Channel = "G" } });
        yield return new(IntentProblem.ChannelDiffers, "muxed transaction source", at =>
        {
            var key = new Uint256(new XdrBytes(at.Channels[0].AccountId.PublicKey));
            return Changed(at, body => body with { SourceAccount = new MuxedAccount.MuxedEd25519(new MuxedAccountMed25519(5, key)) });
        });
        yield return new(IntentProblem.ChannelUnknown, "a stranger's account as channel", at => at.Command(at.Order(), at.Build(at.Order(), ValidUntil, at.StrangerKey.AccountId)));
        yield return new(IntentProblem.SequenceNumberDiffers, "another place in the lane", at => Sound(at) with { Slot = Sound(at).Slot with { SequenceNumber = 1 } });
    }

    private static IEnumerable<Tampering> Bounds()
    {
        yield return new(IntentProblem.FeeAboveCap, "one stroop above the cap", at => Changed(at, body => body with { Fee = (uint)Installation.FeeStroopsMax + 1 }));
        yield return new(IntentProblem.TimeBoundsMissing, "no preconditions", at => Changed(at, body => body with { Cond = new Preconditions.None() }));
        yield return new(IntentProblem.TimeBoundsMissing, "valid for ever", at => Conditions(at, v2 => v2 with { TimeBounds = new TimeBounds(0, 0) }));
        yield return new(IntentProblem.TimeBoundsDiffer, "valid a second longer", at => Conditions(at, v2 => v2 with { TimeBounds = v2.TimeBounds! with { MaxTime = v2.TimeBounds.MaxTime + 1 } }));
        yield return new(IntentProblem.TimeBoundsDiffer, "announced without a date", at => Sound(at) with { ValidUntil = default });
        yield return new(IntentProblem.TimeBoundsDiffer, "a lower time bound", at => Conditions(at, v2 => v2 with { TimeBounds = v2.TimeBounds! with { MinTime = 1 } }));
        yield return new(IntentProblem.PreconditionsForeign, "no ledger bounds", at => Conditions(at, v2 => v2 with { LedgerBounds = null }));
        yield return new(IntentProblem.PreconditionsForeign, "ledger bounds without end", at => Conditions(at, v2 => v2 with { LedgerBounds = new LedgerBounds(0, 0) }));
        yield return new(IntentProblem.PreconditionsForeign, "time bounds alone", at => Changed(at, body => body with { Cond = new Preconditions.Time(new TimeBounds(0, 4_000_000_000)) }));
        yield return new(IntentProblem.PreconditionsForeign, "minimum sequence number", at => Conditions(at, v2 => v2 with { MinSeqNum = 1 }));
        yield return new(IntentProblem.PreconditionsForeign, "minimum sequence age", at => Conditions(at, v2 => v2 with { MinSeqAge = 1 }));
        yield return new(IntentProblem.PreconditionsForeign, "minimum ledger gap", at => Conditions(at, v2 => v2 with { MinSeqLedgerGap = 1 }));
        yield return new(IntentProblem.PreconditionsForeign, "an extra signer", at =>
            Conditions(at, v2 => v2 with { ExtraSigners = [new SignerKey.Ed25519(new Uint256(new XdrBytes(at.StrangerKey.AccountId.PublicKey)))] }));
        yield return new(IntentProblem.MemoPresent, "a memo", at => Changed(at, body => body with { Memo = new Memo.Id(1) }));
        yield return new(IntentProblem.ResourcesMissing, "no resources", at => Changed(at, body => body with { Ext = new TransactionExt.V0() }));
    }

    private static IEnumerable<Tampering> Calls()
    {
        yield return new(IntentProblem.OperationCount, "the call twice", at => Changed(at, body => body with { Operations = [body.Operations[0], body.Operations[0]] }));
        yield return new(IntentProblem.OperationCount, "no operation", at => Changed(at, body => body with { Operations = [] }));
        yield return new(IntentProblem.OperationSourceDiffers, "acts for the channel", at => ChangedOperation(at, operation => operation with { SourceAccount = null }));
        yield return new(IntentProblem.OperationSourceDiffers, "acts for a stranger", at =>
            ChangedOperation(at, operation => operation with { SourceAccount = at.StrangerKey.AccountId.ToMuxedAccount() }));
        yield return new(IntentProblem.NotAContractCall, "a payment", at => ChangedOperation(at, operation =>
            new PaymentOperation(at.Winner, Stellar.Asset.Native, 125_000_000) { Source = at.PayoutKey.AccountId }.ToXdr()));
        yield return new(IntentProblem.NotAContractCall, "an upload of code", at => ChangedOperation(at, operation =>
            operation with { Body = new OperationBody.InvokeHostFunction(new InvokeHostFunctionOp(new HostFunction.UploadContractWasm(new byte[] { 0 }), [])) }));
        yield return new(IntentProblem.ContractDiffers, "another contract", at => ChangedCall(at, call => call with { ContractAddress = at.Token.ToScAddress() }));
        yield return new(IntentProblem.MethodDiffers, "another method", at => ChangedCall(at, call => call with { FunctionName = new SCSymbol("set_admin") }));
        yield return new(IntentProblem.ArgumentsDiffer, "another context", at => ChangedArgument(at, 0, ScVal.Symbol("casino")));
        yield return new(IntentProblem.ArgumentsDiffer, "another pool", at => ChangedArgument(at, 1, ScVal.U32(4)));
        yield return new(IntentProblem.ArgumentsDiffer, "another round", at => ChangedArgument(at, 2, ScVal.U32(8)));
        yield return new(IntentProblem.ArgumentsDiffer, "another winner", at => ChangedArgument(at, 3, ScVal.Address(at.StrangerKey.AccountId)));
        yield return new(IntentProblem.ArgumentsDiffer, "one stroop more", at => ChangedArgument(at, 4, ScVal.I128(125_000_001)));
        yield return new(IntentProblem.ArgumentsDiffer, "amount of another type", at => ChangedArgument(at, 4, ScVal.U64(125_000_000)));
        yield return new(IntentProblem.ArgumentsDiffer, "another currency", at => ChangedArgument(at, 5, ScVal.Symbol("USDC")));
        yield return new(IntentProblem.ArgumentsDiffer, "an argument less", at => ChangedCall(at, call => call with { Args = call.Args.Take(5).ToXdrArray() }));
        yield return new(IntentProblem.ArgumentsDiffer, "an argument more", at => ChangedCall(at, call => call with { Args = call.Args.Append(ScVal.Void).ToXdrArray() }));
    }

    private static IEnumerable<Tampering> Authorizations()
    {
        yield return new(IntentProblem.CredentialsForeign, "authorized twice", at => ChangedInvoke(at, invoke => invoke with { Auth = [invoke.Auth[0], invoke.Auth[0]] }));
        yield return new(IntentProblem.OperationSourceDiffers, "address credentials and the account as the operation's source", at => ChangedInvoke(at, invoke =>
            invoke with { Auth = [SorobanAuthorization.ForCall(at.PayoutKey.AccountId, Call(invoke), nonce: 1, expirationLedger: 9)] }));
        yield return new(IntentProblem.AuthorizationDiffers, "another call is authorized", at => Authorized(at, entry =>
            entry with { Function = new SorobanAuthorizedFunction.ContractFn(new InvokeContractArgs(at.Token.ToScAddress(), new SCSymbol("transfer"), [])) }));
        yield return new(IntentProblem.AuthorizationDiffers, "another amount is authorized", at => Authorized(at, entry =>
        {
            var call = ((SorobanAuthorizedFunction.ContractFn)entry.Function).Value;
            return entry with { Function = new SorobanAuthorizedFunction.ContractFn(call with { Args = Replace(call.Args, 4, ScVal.I128(1)) }) };
        }));
        yield return new(IntentProblem.SubInvocationForeign, "a transfer to a stranger", at => Below(at, Transfer(at, at.Token, at.StrangerKey.AccountId, 125_000_000)));
        yield return new(IntentProblem.SubInvocationForeign, "a transfer of more", at => Below(at, Transfer(at, at.Token, at.Winner, 125_000_001)));
        yield return new(IntentProblem.SubInvocationForeign, "a transfer of another token", at => Below(at, Transfer(at, at.Contract, at.Winner, 125_000_000)));
        yield return new(IntentProblem.SubInvocationForeign, "the transfer twice", at =>
            Below(at, Transfer(at, at.Token, at.Winner, 125_000_000), Transfer(at, at.Token, at.Winner, 125_000_000)));
        yield return new(IntentProblem.SubInvocationForeign, "something below the transfer", at =>
            Below(at, Transfer(at, at.Token, at.Winner, 125_000_000) with { SubInvocations = [Transfer(at, at.Token, at.Winner, 1)] }));
    }

    public static SorobanAuthorizedInvocation Transfer(Installation at, ContractId token, AccountId to, Int128 amount) => new(
        new SorobanAuthorizedFunction.ContractFn(new InvokeContractArgs(
            token.ToScAddress(), new SCSymbol("transfer"), [ScVal.Address(at.PayoutKey.AccountId), ScVal.Address(to), ScVal.I128(amount)])), []);

    public static SignPayout Below(Installation at, params SorobanAuthorizedInvocation[] below) => Authorized(at, entry => entry with { SubInvocations = below.ToXdrArray() });

    /// <summary>The command over a changed transaction, its hash announced as it now is: only the content is wrong.</summary>
    public static SignPayout Changed(Installation at, Func<Stellar.Xdr.Transaction, Stellar.Xdr.Transaction> change)
    {
        var sound = Sound(at);
        var changed = new Transaction(new TransactionV1Envelope(change(Transaction.FromBase64(sound.UnsignedXdr).Body), []));
        return sound with { UnsignedXdr = changed.ToBase64(), TransactionHash = changed.Hash(at.Network).ToString() };
    }

    public static SignPayout ChangedInvoke(Installation at, Func<InvokeHostFunctionOp, InvokeHostFunctionOp> change) => ChangedOperation(at, operation =>
        operation with { Body = new OperationBody.InvokeHostFunction(change(((OperationBody.InvokeHostFunction)operation.Body).Value)) });

    private static SignPayout Ordered(Installation at, Contracts.PayoutOrder order) => Sound(at) with { Order = order, PayoutId = at.IdOf(order) };

    private static SignPayout Conditions(Installation at, Func<PreconditionsV2, PreconditionsV2> change) =>
        Changed(at, body => body with { Cond = new Preconditions.V2(change(((Preconditions.V2)body.Cond).Value)) });

    private static SignPayout ChangedOperation(Installation at, Func<Operation, Operation> change) =>
        Changed(at, body => body with { Operations = [change(body.Operations[0])] });

    private static SignPayout ChangedCall(Installation at, Func<InvokeContractArgs, InvokeContractArgs> change) => ChangedInvoke(at, invoke =>
        invoke with { HostFunction = new HostFunction.InvokeContract(change(Call(invoke))) });

    private static SignPayout ChangedArgument(Installation at, int index, SCVal value) => ChangedCall(at, call => call with { Args = Replace(call.Args, index, value) });

    private static SignPayout Authorized(Installation at, Func<SorobanAuthorizedInvocation, SorobanAuthorizedInvocation> change) => ChangedInvoke(at, invoke =>
        invoke with { Auth = [invoke.Auth[0] with { RootInvocation = change(invoke.Auth[0].RootInvocation) }] });

    private static InvokeContractArgs Call(InvokeHostFunctionOp invoke) => ((HostFunction.InvokeContract)invoke.HostFunction).Value;

    private static XdrArray<SCVal> Replace(XdrArray<SCVal> arguments, int index, SCVal value) => arguments.Select((argument, i) => i == index ? value : argument).ToXdrArray();
}
