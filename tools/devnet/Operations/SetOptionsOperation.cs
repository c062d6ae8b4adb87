using Payouts.Devnet.Ledger;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

internal static class SetOptionsOperation
{
    private const uint AuthFlags = Accounts.AuthRequired | Accounts.AuthRevocable | Accounts.AuthImmutable | Accounts.AuthClawbackEnabled;
    private const int SignersMax = 20;

    public static SetOptionsResult? FormProblem(SetOptionsOp set, AccountID source)
    {
        if ((set.SetFlags & ~AuthFlags) > 0 || (set.ClearFlags & ~AuthFlags) > 0)
        {
            return new SetOptionsResult.UnknownFlag();
        }

        if ((set.SetFlags & set.ClearFlags) > 0)
        {
            return new SetOptionsResult.BadFlags();
        }

        if (set.MasterWeight > 255 || set.LowThreshold > 255 || set.MedThreshold > 255 || set.HighThreshold > 255)
        {
            return new SetOptionsResult.ThresholdOutOfRange();
        }

        if (set.Signer is { } signer && (IsSelf(signer.Key, source) || signer.Weight > 255 || signer.Key is SignerKey.Ed25519SignedPayload { Value.Payload.Length: 0 }))
        {
            return new SetOptionsResult.BadSigner();
        }

        return set.HomeDomain is { } domain && domain.Value.Span.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e) >= 0 ? new SetOptionsResult.InvalidHomeDomain() : null;
    }

    public static OperationResult Apply(OperationContext context, SetOptionsOp set)
    {
        var account = context.SourceAccount;
        if (set.InflationDest is { } inflation && inflation != context.Source && context.Ledger.Account(inflation) is null)
        {
            return Failed(new SetOptionsResult.InvalidInflation());
        }

        var immutable = (account.Flags & Accounts.AuthImmutable) != 0;
        if (immutable && (((set.SetFlags ?? 0) | (set.ClearFlags ?? 0)) & AuthFlags) != 0)
        {
            return Failed(new SetOptionsResult.CantChange());
        }

        var flags = (account.Flags & ~(set.ClearFlags ?? 0)) | (set.SetFlags ?? 0);
        if ((flags & Accounts.AuthClawbackEnabled) != 0 && (flags & Accounts.AuthRevocable) == 0)
        {
            return Failed(new SetOptionsResult.AuthRevocableRequired());
        }

        var thresholds = account.Thresholds.Value.ToArray();
        thresholds[0] = (byte)(set.MasterWeight ?? thresholds[0]);
        thresholds[1] = (byte)(set.LowThreshold ?? thresholds[1]);
        thresholds[2] = (byte)(set.MedThreshold ?? thresholds[2]);
        thresholds[3] = (byte)(set.HighThreshold ?? thresholds[3]);
        account = account with
        {
            InflationDest = set.InflationDest ?? account.InflationDest,
            Flags = flags,
            HomeDomain = set.HomeDomain ?? account.HomeDomain,
            Thresholds = new Thresholds(new XdrBytes(thresholds)),
        };
        return set.Signer is { } signer ? ApplySigner(context, account, signer) : Done(context, account);
    }

    private static OperationResult ApplySigner(OperationContext context, AccountEntry account, Signer signer)
    {
        var others = account.Signers.Where(one => one.Key != signer.Key).ToList();
        var existed = others.Count < account.Signers.Count;
        if (signer.Weight == 0)
        {
            return Done(context, WithSigners(account, others, existed ? -1 : 0));
        }

        if (!existed)
        {
            if (others.Count >= SignersMax)
            {
                return Failed(new SetOptionsResult.TooManySigners());
            }

            if (account.NumSubEntries >= NetworkLimits.SubEntriesMax)
            {
                return new OperationResult.OpTooManySubentries();
            }

            if (account.Balance < Accounts.MinBalance(account, context.Info.BaseReserve) + context.Info.BaseReserve)
            {
                return Failed(new SetOptionsResult.LowReserve());
            }
        }

        others.Add(signer);
        return Done(context, WithSigners(account, others, existed ? 0 : 1));
    }

    private static AccountEntry WithSigners(AccountEntry account, List<Signer> signers, int subEntries)
    {
        // Signers are kept sorted by key, as in every account entry on the network.
        signers.Sort((left, right) => XdrCodec.ToBytes(left.Key).AsSpan().SequenceCompareTo(XdrCodec.ToBytes(right.Key)));
        var ext = account.Ext is AccountEntryExt.V1 { Value: var v1 } && v1.Ext is AccountEntryExtensionV1Ext.V2 v2
            ? new AccountEntryExt.V1(v1 with
            {
                Ext = new AccountEntryExtensionV1Ext.V2(v2.Value with { SignerSponsoringIDs = signers.Select(_ => new SponsorshipDescriptor(null)).ToXdrArray() }),
            })
            : account.Ext;
        return account with { Signers = signers.ToXdrArray(), NumSubEntries = (uint)(account.NumSubEntries + subEntries), Ext = ext };
    }

    private static bool IsSelf(SignerKey key, AccountID source) => key is SignerKey.Ed25519 own && own.Value == ((PublicKey.Ed25519)source.Value).Value;

    private static OperationResult Done(OperationContext context, AccountEntry account)
    {
        context.Save(account);
        return ResultArms.Tr(new OperationResultTr.SetOptions(new SetOptionsResult.Success()));
    }

    private static OperationResult Failed(SetOptionsResult result) => ResultArms.Tr(new OperationResultTr.SetOptions(result));
}
