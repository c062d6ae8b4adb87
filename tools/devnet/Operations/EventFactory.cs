using System.Collections.Concurrent;
using System.Globalization;
using Payouts.Devnet.Contracts;
using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

/// <summary>The unified asset events of CAP-67: what a token moved, whichever way it moved.</summary>
public sealed class EventFactory(TokenContractIds tokens)
{
    private readonly ConcurrentDictionary<Asset, SCVal> assetTopics = [];

    public ContractID ContractOf(Asset asset) => tokens.Of(asset);

    /// <summary>Topics transfer, from, to, asset; data is the amount, or a map with the muxed id of the receiver.</summary>
    public ContractEvent Transfer(Asset asset, SCAddress from, SCAddress to, Int128 amount, ulong? toMuxedId = null)
    {
        var issuer = asset.Issuer()?.Address();
        if (issuer is not null && from == issuer && to != issuer)
        {
            return Event(asset, ["mint".ToSymbol(), to.ToVal(), Topic(asset)], Data(amount, toMuxedId));
        }

        return issuer is not null && to == issuer && from != issuer
            ? Event(asset, ["burn".ToSymbol(), from.ToVal(), Topic(asset)], amount.ToI128())
            : Event(asset, ["transfer".ToSymbol(), from.ToVal(), to.ToVal(), Topic(asset)], Data(amount, toMuxedId));
    }

    public ContractEvent Mint(Asset asset, SCAddress to, Int128 amount) => Event(asset, ["mint".ToSymbol(), to.ToVal(), Topic(asset)], amount.ToI128());

    public ContractEvent Burn(Asset asset, SCAddress from, Int128 amount) => Event(asset, ["burn".ToSymbol(), from.ToVal(), Topic(asset)], amount.ToI128());

    /// <summary>Topics approve, from, spender, asset; data is the amount and the last ledger it can be spent in.</summary>
    public ContractEvent Approve(Asset asset, SCAddress from, SCAddress spender, Int128 amount, uint liveUntil) =>
        Event(asset, ["approve".ToSymbol(), from.ToVal(), spender.ToVal(), Topic(asset)], ScValues.Vec(amount.ToI128(), new SCVal.U32(liveUntil)));

    public ContractEvent SetAuthorized(Asset asset, SCAddress account, bool authorized) =>
        Event(asset, ["set_authorized".ToSymbol(), account.ToVal(), Topic(asset)], new SCVal.Bool(authorized));

    /// <summary>Fee taken (positive) before all transactions or given back (negative) after them.</summary>
    public TransactionEvent Fee(AccountID payer, long stroops, TransactionEventStage stage) =>
        new(stage, Event(new Asset.Native(), ["fee".ToSymbol(), payer.Address().ToVal()], ((Int128)stroops).ToI128()));

    private static SCVal Data(Int128 amount, ulong? toMuxedId) => toMuxedId is not { } id
        ? amount.ToI128()
        : new SCVal.Map(new SCMap([new SCMapEntry("amount".ToSymbol(), amount.ToI128()), new SCMapEntry("to_muxed_id".ToSymbol(), new SCVal.U64(id))]));

    private ContractEvent Event(Asset asset, XdrArray<SCVal> topics, SCVal data) => new(
        new ExtensionPoint.V0(), tokens.Of(asset), ContractEventType.CONTRACT, new ContractEventBody.V0(new ContractEventV0(topics, data)));

    private SCVal Topic(Asset asset) => assetTopics.GetOrAdd(asset, static one => new SCVal.String(new SCString(new XdrString(one.Sep11()))));
}
