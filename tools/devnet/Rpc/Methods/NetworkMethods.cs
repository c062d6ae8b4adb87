using System.Globalization;
using System.Text.Json;
using Payouts.Devnet.History;
using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>getHealth, getNetwork, getLatestLedger, getVersionInfo.</summary>
internal sealed class NetworkMethods(Chain chain, Func<string?> friendbotUrl)
{
    /// <summary>max-healthy-ledger-latency of the real server's defaults.</summary>
    private const ulong LatencySecondsMax = 30;

    private const string Version = "28.0.0-devnet";

    public void GetHealth(RpcParams parameters, Utf8JsonWriter json)
    {
        var (latest, oldest) = Window();
        RequireRecent(latest);
        json.WriteStartObject();
        json.WriteString("status", "healthy");
        json.WriteNumber("latestLedger", latest.Sequence);
        json.WriteDecimal("latestLedgerCloseTime", latest.CloseTime);
        json.WriteNumber("oldestLedger", oldest.Sequence);
        json.WriteDecimal("oldestLedgerCloseTime", oldest.CloseTime);
        json.WriteNumber("ledgerRetentionWindow", chain.Options.RetentionLedgers);
        json.WriteEndObject();
    }

    public void GetNetwork(RpcParams parameters, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (friendbotUrl() is { } url)
        {
            json.WriteString("friendbotUrl", url);
        }

        json.WriteString("passphrase", chain.Network.Passphrase);
        json.WriteNumber("protocolVersion", chain.Options.ProtocolVersion);
        json.WriteEndObject();
    }

    public void GetLatestLedger(RpcParams parameters, Utf8JsonWriter json)
    {
        var (latest, _) = Window();
        json.WriteStartObject();
        json.WriteString("id", latest.HashHex);
        json.WriteNumber("protocolVersion", chain.Options.ProtocolVersion);
        json.WriteNumber("sequence", latest.Sequence);
        json.WriteDecimal("closeTime", latest.CloseTime);
        json.WriteXdr("headerXdr", latest.Header.Header);
        json.WriteBase64String("metadataXdr", LedgerXdr.CloseMeta(latest));
        json.WriteEndObject();
    }

    public void GetVersionInfo(RpcParams parameters, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version", Version);
        json.WriteString("commitHash", "0000000000000000000000000000000000000000");
        json.WriteString("buildTimestamp", "2026-07-01T00:00:00");
        json.WriteString("captiveCoreVersion", "modelled in the devnet");
        json.WriteNumber("protocolVersion", chain.Options.ProtocolVersion);
        json.WriteEndObject();
    }

    /// <summary>A node that has heard of no ledger for long answers with an error; ledgers that close on request are never late.</summary>
    private void RequireRecent(LedgerRecord latest)
    {
        var age = chain.SecondsSince(latest.CloseTime);
        if (chain.Options.CloseTime > TimeSpan.Zero && age > LatencySecondsMax)
        {
            throw RpcException.Internal(string.Create(
                CultureInfo.InvariantCulture, $"latency ({age}s) since last known ledger closed is too high (>{LatencySecondsMax}s)"));
        }
    }

    private (LedgerRecord Latest, LedgerRecord Oldest) Window() => chain.Read(c =>
    {
        var look = new NodeLook(c, NodeView.LagLedgers);
        return (look.Latest, look.Oldest);
    });
}
