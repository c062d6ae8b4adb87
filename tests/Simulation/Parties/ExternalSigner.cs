using System.Text.Json;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Simulation.Chance;
using Payouts.Tests.Simulation.Judging;
using Payouts.Tests.Simulation.Wiring;

namespace Payouts.Tests.Simulation.Parties;

/// <summary>What the external signer does with a request.</summary>
internal enum SignerMood
{
    Right,
    Late,
    Rejects,
    WrongSignature,
    WrongTransaction,
    Silent,
    Twice,
    RejectsAndSigns,

    /// <summary>Brings what it authorized to the ledger itself, sooner or later, and may answer as well.</summary>
    Brings,
}

/// <summary>
/// The KMS team's signer: asked by message, answers by message. It signs right, late, wrong, twice or never; and it keeps what it signed,
/// for a signature that left it may come to the ledger at any time.
/// </summary>
internal sealed class ExternalSigner(LocalNetwork network, Broker broker, Dice dice, Scenario scenario, Tally tally, Trace trace, TimeProvider clock, SlotWitness witness)
{
    public const string Queue = "kms.signing-requested";

    private readonly List<(DateTimeOffset DueAt, object Answer)> _later = [];

    public bool IsFaulty { get; set; } = true;

    /// <summary>Answers that are thought about.</summary>
    public int Pending => _later.Count;

    /// <summary>How often it was asked for each payout.</summary>
    public Dictionary<PayoutId, int> Asked { get; } = [];

    /// <summary>Signed authorizations that it will bring to the ledger itself.</summary>
    public List<(PayoutId Payout, SorobanAuthorizationEntry Entry)> Brought { get; } = [];

    public void Bind() => broker.Bind(Wire.UrnOf(typeof(SigningRequested)), Queue);

    public void Take(QueuedMessage message)
    {
        var request = JsonSerializer.Deserialize<SigningRequested>(message.Body, ContractsJson.Options)!;
        witness.Asked(request);
        Asked[request.PayoutId] = Asked.GetValueOrDefault(request.PayoutId) + 1;
        if (scenario.SignerThinks is { } thinks)
        {
            _later.Add((clock.GetUtcNow() + thinks, Sign(request)));
            return;
        }

        var mood = IsFaulty ? dice.Pick(request.Form == SigningForm.Authorization ? [.. Moods(), (8, SignerMood.Brings)] : Moods()) : SignerMood.Right;
        trace.Add($"  signer {mood}");
        tally.Add("signer", mood.ToString());
        switch (mood)
        {
            case SignerMood.Right:
                Send(Sign(request));
                break;
            case SignerMood.Late:
                _later.Add((clock.GetUtcNow() + TimeSpan.FromSeconds(dice.Between(5, scenario.ValiditySeconds * 2)), Sign(request)));
                break;
            case SignerMood.Rejects:
                Send(Reject(request));
                break;
            case SignerMood.WrongSignature:
                Send(Broken(request));
                if (dice.Chance(500))
                    Send(Sign(request));
                break;
            case SignerMood.WrongTransaction:
                Send(Forged(request));
                break;
            case SignerMood.Twice:
                Send(Sign(request));
                Send(Sign(request));
                break;
            case SignerMood.Brings:
                witness.Signed(request);
                Brought.Add((request.PayoutId, SorobanAuthorization.Sign(PayoutAuthorization.FromPreimage(request.UnsignedXdr, LocalNetwork.Admin.AccountId), network.Ledger.Network, LocalNetwork.Admin)));
                if (dice.Chance(500))
                    Send(Sign(request));
                break;
            case SignerMood.RejectsAndSigns:
                Send(Reject(request));
                Send(Sign(request));
                break;
        }
    }

    /// <summary>Sends what was thought about long enough.</summary>
    public void AnswerDue()
    {
        foreach (var due in _later.Where(x => x.DueAt <= clock.GetUtcNow()).ToList())
        {
            _later.Remove(due);
            Send(due.Answer);
        }
    }

    private IReadOnlyList<(int Weight, SignerMood What)> Moods() => scenario.SlowSigner
        ? [(20, SignerMood.Right), (60, SignerMood.Late), (10, SignerMood.Silent), (5, SignerMood.Twice)]
        : [(70, SignerMood.Right), (10, SignerMood.Late), (3, SignerMood.Rejects), (4, SignerMood.WrongSignature), (3, SignerMood.WrongTransaction),
            (4, SignerMood.Silent), (6, SignerMood.Twice), (1, SignerMood.RejectsAndSigns)];

    private void Send(object answer) =>
        broker.Publish(Wire.UrnOf(answer.GetType()), dice.Id(clock.GetUtcNow()), JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), ContractsJson.Options));

    private SigningCompleted Sign(SigningRequested request)
    {
        witness.Signed(request);
        var hash = Convert.FromHexString(request.TransactionHash);
        if (request.Form is null && dice.Chance(300))
        {
            var signed = Stellar.Transaction.FromBase64(request.UnsignedXdr).Sign(network.Ledger.Network, LocalNetwork.Admin);
            return new SigningCompleted { RequestId = request.RequestId, TransactionHash = request.TransactionHash, SignedXdr = signed.ToBase64() };
        }

        return Completed(request, LocalNetwork.Admin.Sign(hash));
    }

    private static SigningRejected Reject(SigningRequested request) => new() { RequestId = request.RequestId, Reason = "not today" };

    private SigningCompleted Broken(SigningRequested request)
    {
        var signature = LocalNetwork.Admin.Sign(Convert.FromHexString(request.TransactionHash));
        signature[dice.Below(signature.Length)] ^= (byte)(1 << dice.Below(8));
        return Completed(request, signature);
    }

    /// <summary>A signed transaction, and not the one that was asked for: another fee.</summary>
    private SigningCompleted Forged(SigningRequested request)
    {
        if (request.Form == SigningForm.Authorization)
        {
            // A good signature, of an authorization that counts a ledger longer.
            var entry = PayoutAuthorization.FromPreimage(request.UnsignedXdr, LocalNetwork.Admin.AccountId);
            var credentials = SorobanAuthorization.Credentials(entry);
            var longer = entry with { Credentials = new SorobanCredentials.Address(credentials with { SignatureExpirationLedger = credentials.SignatureExpirationLedger + 1 }) };
            return Completed(request, LocalNetwork.Admin.Sign(SorobanAuthorization.Hash(longer, network.Ledger.Network).Value.Span));
        }

        var asked = (Stellar.Xdr.TransactionEnvelope.Tx)Stellar.Transaction.FromBase64(request.UnsignedXdr).ToEnvelope();
        var other = Stellar.Transaction.FromEnvelope(new Stellar.Xdr.TransactionEnvelope.Tx(asked.Value with { Tx = asked.Value.Tx with { Fee = asked.Value.Tx.Fee - 1 } }));
        return new SigningCompleted { RequestId = request.RequestId, TransactionHash = request.TransactionHash, SignedXdr = other.Sign(network.Ledger.Network, LocalNetwork.Admin).ToBase64() };
    }

    private static SigningCompleted Completed(SigningRequested request, byte[] signature) => new()
    {
        RequestId = request.RequestId,
        TransactionHash = request.TransactionHash,
        Signatures = [new SignatureByKey { PublicKey = LocalNetwork.Admin.AccountId.ToString(), Signature = Convert.ToBase64String(signature) }],
    };
}
