using System.Text.Json;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Stellar;
using Payouts.Tests.Simulation.Chance;
using Payouts.Tests.Simulation.Parties;

namespace Payouts.Tests.Simulation.Judging;

/// <summary>A law was broken. The message says which, where, and what was found.</summary>
internal sealed class LawBrokenException(string what) : Exception(what);

/// <summary>
/// Watches what leaves for signing, for the contract itself refuses a second payment and so would hide it: a payout's envelope on a new slot may
/// be signed only when the ledger can take none of the envelopes that were signed of it on others, and paid it by none of them.
/// </summary>
internal sealed class SlotWitness(LocalNetwork network, Tally tally)
{
    private readonly Dictionary<PayoutId, Dictionary<SequenceSlot, List<Transaction>>> _signed = [];
    private readonly Dictionary<SequenceSlot, PayoutId> _owners = [];
    private readonly Dictionary<PayoutId, uint> _authorized = [];
    private readonly Dictionary<SequenceSlot, SlotProvenUnused> _proofs = [];

    /// <summary>payout-submitter has said that a slot's envelopes are dead.</summary>
    public void Heard(string urn, byte[] body)
    {
        if (urn == Wire.UrnOf(typeof(SlotProvenUnused)) && JsonSerializer.Deserialize<SlotProvenUnused>(body, ContractsJson.Options) is { } proof)
            _proofs[proof.Slot] = proof;
    }

    /// <summary>What is asked to be signed is what is owed, to the stroop, and pays nobody else.</summary>
    public void Asked(SigningRequested request)
    {
        if (request.Form == SigningForm.Authorization)
        {
            AskedToAuthorize(request);
            return;
        }

        var transaction = Transaction.FromBase64(request.UnsignedXdr);
        if (transaction.Hash(network.Ledger.Network).ToString() != request.TransactionHash)
            throw new LawBrokenException($"payout {request.PayoutId.Value}: the hash to be signed is not the envelope's");
        var payouts = PayoutsOf(request, transaction);
        if (payouts[0] != request.PayoutId || payouts.Distinct().Count() != payouts.Count)
            throw new LawBrokenException($"payout {request.PayoutId.Value}: the envelope pays {string.Join(", ", payouts.Select(x => x.Value))}");
        tally.Add("envelope", payouts.Count == 1 ? "OneWinner" : network.Shape == PayoutShape.Prize ? "Prize" : "SeveralWinners");
    }

    /// <summary>A signature exists from now on.</summary>
    public void Signed(SigningRequested request)
    {
        if (request.Form == SigningForm.Authorization)
        {
            Authorized(request);
            return;
        }

        var transaction = Transaction.FromBase64(request.UnsignedXdr);
        var slot = new SequenceSlot { Channel = transaction.Source.ToString(), SequenceNumber = transaction.SequenceNumber };
        if (_owners.TryGetValue(slot, out var owner) && owner != request.PayoutId && MayBeTaken(slot, _signed[owner][slot]))
            throw new LawBrokenException($"slot {slot.Channel}/{slot.SequenceNumber} is signed for payout {request.PayoutId.Value}, and it is payout {owner.Value}'s");
        if (owner != default && owner != request.PayoutId && !IsConsumed(slot))
            tally.Add("slot", "ProvenUnusedAndGivenOn");
        _owners[slot] = request.PayoutId;
        foreach (var payout in PayoutsOf(request, transaction))
            Signed(payout, slot, transaction);
    }

    private void AskedToAuthorize(SigningRequested request)
    {
        var entry = PayoutAuthorization.FromPreimage(request.UnsignedXdr, LocalNetwork.Admin.AccountId);
        if (Convert.ToHexStringLower(SorobanAuthorization.Hash(entry, network.Ledger.Network).Value.Span) != request.TransactionHash)
            throw new LawBrokenException($"payout {request.PayoutId.Value}: the hash to be signed is not the authorization's");
        var debt = network.Debts.All.SingleOrDefault(x => x.PayoutId == request.PayoutId) ?? throw new LawBrokenException($"payout {request.PayoutId.Value} is to be authorized, and nobody owes it");
        var order = new Stellar.PayoutOrder(new PayoutKey(Debts.Context, Debts.Pool, debt.RoundNumber, Address.Parse(debt.Winner)), debt.Amount.Value, Currency.Parse(network.Currency));
        var right = PayoutAuthorization.Of(network.Contract, order, LocalNetwork.Admin.AccountId, request.PayoutId.AuthorizationNonce(), SorobanAuthorization.Credentials(entry).SignatureExpirationLedger);
        if (entry != right)
            throw new LawBrokenException($"payout {request.PayoutId.Value}: what is to be authorized is not what is owed");
        tally.Add("envelope", "Authorization");
    }

    /// <summary>While the ledger may still take one, there is no other: the ledger forgets a nonce with the end of the authorization that used it.</summary>
    private void Authorized(SigningRequested request)
    {
        var until = SorobanAuthorization.Credentials(PayoutAuthorization.FromPreimage(request.UnsignedXdr, LocalNetwork.Admin.AccountId)).SignatureExpirationLedger;
        if (_authorized.TryGetValue(request.PayoutId, out var before) && before != until)
        {
            if (network.Ledger.LatestLedger < before)
                throw new LawBrokenException($"payout {request.PayoutId.Value} is authorized until ledger {until}, and its authorization until {before} can still be used at {network.Ledger.LatestLedger}");
            if (network.PaidTo(network.Debts.All.Single(x => x.PayoutId == request.PayoutId)) > 0)
                throw new LawBrokenException($"payout {request.PayoutId.Value} is authorized again, and it is paid");
            tally.Add("authorization", "Again");
        }

        _authorized[request.PayoutId] = until;
    }

    private void Signed(PayoutId payout, SequenceSlot slot, Transaction transaction)
    {
        if (!_signed.TryGetValue(payout, out var slots))
            _signed[payout] = slots = [];
        foreach (var (other, envelopes) in slots.Where(x => x.Key != slot))
        {
            if (MayBeTaken(other, envelopes))
                throw new LawBrokenException($"payout {payout.Value} gets slot {slot.Channel}/{slot.SequenceNumber} signed, and the ledger may still take its envelope on {other.Channel}/{other.SequenceNumber}");
            if (envelopes.Select(x => x.Hash(network.Ledger.Network)).FirstOrDefault(hash => network.Chain.Read(c => c.History.Find(hash)) is { Succeeded: true }) is var paid && paid != default)
                throw new LawBrokenException($"payout {payout.Value} gets slot {slot.Channel}/{slot.SequenceNumber} signed, and {paid} has paid it");
        }

        if (!slots.TryGetValue(slot, out var known))
            slots[slot] = known = [];
        known.Add(transaction);
    }

    /// <summary>Whose debts the envelope pays, each to the stroop.</summary>
    private List<PayoutId> PayoutsOf(SigningRequested request, Transaction transaction)
    {
        if (network.Contract.Decode(transaction.Body.Operations[0]) is not DecodedPayout.Call call)
            throw new LawBrokenException($"payout {request.PayoutId.Value}: the envelope is no payout");
        return [.. call.Shares.Select(share => network.Debts.All.SingleOrDefault(x => x.Winner == share.Winner.ToString() && x.RoundNumber == call.RoundId && x.Amount.Value == share.Amount)?.PayoutId
            ?? throw new LawBrokenException($"payout {request.PayoutId.Value}: the envelope pays {share.Amount} stroops to {share.Winner} for round {call.RoundId}, which nobody owes"))];
    }

    /// <summary>The number is unused, and a further ledger is within the bounds of one of them, or nobody has proven that none is: a slot whose key is here is burned, or ends by such a proof.</summary>
    private bool MayBeTaken(SequenceSlot slot, List<Transaction> envelopes) => !IsConsumed(slot) && envelopes.Exists(x =>
        IsWithinBounds(x) || (slot.Channel != LocalNetwork.Admin.AccountId.ToString() && !IsProvenDead(slot, x)));

    private bool IsWithinBounds(Transaction envelope) =>
        network.Ledger.LatestCloseTime <= envelope.TimeBounds!.MaxTime && network.Ledger.LatestLedger + 1 < envelope.LedgerBounds!.MaxLedger;

    private bool IsProvenDead(SequenceSlot slot, Transaction envelope) => _proofs.TryGetValue(slot, out var proof)
        && (long)envelope.TimeBounds!.MaxTime <= proof.ValidUntil.ToUnixTimeSeconds() && envelope.LedgerBounds!.MaxLedger <= proof.MaxLedger;

    private bool IsConsumed(SequenceSlot slot) => network.Ledger.SequenceNumber(AccountId.Parse(slot.Channel)) >= slot.SequenceNumber;
}
