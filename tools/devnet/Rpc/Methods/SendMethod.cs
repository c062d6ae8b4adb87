using System.Text.Json;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Queue;
using Payouts.Devnet.Transactions;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>sendTransaction.</summary>
internal sealed class SendMethod(Chain chain)
{
    public void SendTransaction(RpcParams parameters, Utf8JsonWriter json)
    {
        parameters.RequireBase64Format();
        var envelope = Decode(parameters.Text("transaction"));
        var frame = TransactionFrame.Of(envelope, chain.Network);
        var answer = frame is null ? NotSupported() : Submit(frame);
        if (answer is QueueAnswer.Filtered)
        {
            throw RpcException.Internal("invalid status from stellar-core");
        }

        var latest = chain.Read(c => new NodeLook(c, NodeView.LagLedgers).Latest);
        json.WriteStartObject();
        if (answer is QueueAnswer.Error error)
        {
            json.WriteXdr("errorResultXdr", error.Result);
            json.WriteXdrListIfAny("diagnosticEventsXdr", error.Diagnostics);
        }

        json.WriteString("status", Status(answer));
        json.WriteString("hash", (frame?.Hash ?? EnvelopeHash.Of(envelope, chain.Network)).ToString());
        json.WriteNumber("latestLedger", latest.Sequence);
        json.WriteDecimal("latestLedgerCloseTime", latest.CloseTime);
        json.WriteEndObject();
    }

    private QueueAnswer Submit(TransactionFrame frame)
    {
        if (NodeView.LagLedgers == 0)
        {
            return chain.Submit(frame);
        }

        // A lagging node judges by its old state; what it accepts it passes on, and never hears what the others made of it.
        var stale = chain.Read(c =>
        {
            var look = new NodeLook(c, NodeView.LagLedgers);
            return TransactionValidator.CheckValid(frame, new ValidityMoment(look.State, look.Info, look.Latest.Sequence + 1, 0, Applying: false));
        });
        if (!stale.IsSuccess)
        {
            return new QueueAnswer.Error(stale.ToXdr(), []);
        }

        return chain.Submit(frame) is QueueAnswer.Duplicate duplicate ? duplicate : new QueueAnswer.Pending();
    }

    private static QueueAnswer NotSupported() => new QueueAnswer.Error(
        new TransactionResult(0, new TransactionResultResult.TxNotSupported(), new TransactionResultExt.V0()), []);

    private static TransactionEnvelope Decode(string? text)
    {
        try
        {
            return XdrCodec.FromBase64<TransactionEnvelope>(text ?? "");
        }
        catch (XdrException)
        {
            throw RpcException.Params("invalid_xdr");
        }
    }

    private static string Status(QueueAnswer answer) => answer switch
    {
        QueueAnswer.Pending => "PENDING",
        QueueAnswer.Duplicate => "DUPLICATE",
        QueueAnswer.TryAgainLater => "TRY_AGAIN_LATER",
        _ => "ERROR",
    };
}
