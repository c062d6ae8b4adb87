using System.Text.Json;
using Payouts.Devnet.Faults;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Rpc.Methods;

/// <summary>simulateTransaction: always a result, even for what cannot be read.</summary>
internal sealed class SimulateMethod
{
    private const int NoncesPurpose = 2;

    private readonly Chain chain;
    private readonly Simulator simulator;
    private readonly Random nonces;

    public SimulateMethod(Chain chain)
    {
        this.chain = chain;
        nonces = SeededRandom.Of(chain.Options.Seed, NoncesPurpose);
        simulator = new Simulator(chain.Contracts, chain.Events, chain.Credentials, chain.Faults, chain.Options.Diagnostics, chain.Options.RestorePreambles, NextNonce);
    }

    public void SimulateTransaction(RpcParams parameters, Utf8JsonWriter json)
    {
        parameters.RequireBase64Format();
        var leeway = (uint)Math.Clamp(parameters.Object("resourceConfig").Number("instructionLeeway") ?? 0, 0, NetworkLimits.TxInstructionsMax);
        if (Decode(parameters.Text("transaction")) is not { } transaction)
        {
            WriteFailure(json, "Could not unmarshal transaction", [], 0);
            return;
        }

        var authMode = parameters.Text("authMode") ?? "";
        if ((Refusal(transaction) ?? AuthModeProblem(transaction, authMode)) is { } refusal)
        {
            WriteFailure(json, refusal, [], 0);
            return;
        }

        var request = new SimulationRequest(Mode(authMode), parameters.Flag("useUpgradedAuth"), leeway);
        var (simulation, latest) = chain.Read(c =>
        {
            var look = new NodeLook(c, NodeView.LagLedgers);
            return (simulator.Run(transaction, look.State, look.Info, request), look.Latest.Sequence);
        });
        if (simulation is Simulation.Success success)
        {
            WriteSuccess(json, success, latest);
        }
        else if (simulation is Simulation.Failure failure)
        {
            WriteFailure(json, failure.Error, failure.Events, latest);
        }
    }

    private long NextNonce()
    {
        lock (nonces)
        {
            return nonces.NextInt64(long.MinValue, long.MaxValue);
        }
    }

    private static SimulationAuth Mode(string text) => text switch
    {
        "enforce" => SimulationAuth.Enforce,
        "record" => SimulationAuth.Record,
        "record_allow_nonroot" => SimulationAuth.RecordAllowNonRoot,
        _ => SimulationAuth.Default,
    };

    private static string? AuthModeProblem(Transaction transaction, string mode)
    {
        if (mode is not ("" or "enforce" or "record" or "record_allow_nonroot"))
        {
            return "optional 'authMode' must be one of enforce,record,record_allow_nonroot when included";
        }

        return transaction.Operations[0].Body switch
        {
            OperationBody.InvokeHostFunction { Value.Auth.Count: > 0 } when mode is "record" or "record_allow_nonroot" =>
                $"cannot set authMode to '{mode}' with an auth footprint",
            OperationBody.ExtendFootprintTtl or OperationBody.RestoreFootprint when mode.Length > 0 =>
                "cannot set authMode with non-InvokeHostFunction operations",
            OperationBody.InvokeHostFunction or OperationBody.ExtendFootprintTtl or OperationBody.RestoreFootprint => null,
            var other => $"transaction contains unsupported operation type: {other.Discriminant}",
        };
    }

    private static Transaction? Decode(string? text)
    {
        try
        {
            return XdrCodec.FromBase64<TransactionEnvelope>(text ?? "") switch
            {
                TransactionEnvelope.Tx tx => tx.Value.Tx,
                TransactionEnvelope.TxFeeBump { Value.Tx.InnerTx: FeeBumpTransactionInnerTx.Tx inner } => inner.Value.Tx,
                _ => null,
            };
        }
        catch (XdrException)
        {
            return null;
        }
    }

    private static string? Refusal(Transaction transaction) => transaction switch
    {
        { Operations.Count: not 1 } => "Transaction contains more than one operation",
        { Memo: not Memo.None } => "Transaction contains a memo. Soroban transactions do not support memos.",
        _ => null,
    };

    private static void WriteFailure(Utf8JsonWriter json, string error, IReadOnlyCollection<DiagnosticEvent> events, uint latest)
    {
        json.WriteStartObject();
        json.WriteString("error", error);
        json.WriteXdrListIfAny("events", events);
        json.WriteNumber("latestLedger", latest);
        json.WriteEndObject();
    }

    private static void WriteSuccess(Utf8JsonWriter json, Simulation.Success success, uint latest)
    {
        json.WriteStartObject();
        json.WriteXdr("transactionData", success.Data);
        json.WriteDecimal("minResourceFee", success.Data.ResourceFee);
        json.WriteXdrListIfAny("events", success.Events.ToList());
        if (success.ReturnValue is { } returned)
        {
            json.WriteStartArray("results");
            json.WriteStartObject();
            json.WriteXdrList("auth", success.Auth);
            json.WriteXdr("xdr", returned);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (success.Restore is { } restore)
        {
            json.WriteStartObject("restorePreamble");
            json.WriteXdr("transactionData", restore);
            json.WriteDecimal("minResourceFee", restore.ResourceFee);
            json.WriteEndObject();
        }

        WriteChanges(json, success.StateChanges);
        json.WriteNumber("latestLedger", latest);
        json.WriteEndObject();
    }

    private static void WriteChanges(Utf8JsonWriter json, IReadOnlyList<StateChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        json.WriteStartArray("stateChanges");
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WriteString("type", change.Before is null ? "created" : change.After is null ? "deleted" : "updated");
            json.WriteXdr("key", change.Key);
            WriteOptional(json, "before", change.Before);
            WriteOptional(json, "after", change.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, LedgerEntry? entry)
    {
        if (entry is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteXdr(name, entry);
        }
    }
}
