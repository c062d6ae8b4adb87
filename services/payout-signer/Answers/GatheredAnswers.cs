using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Requests;
using Payouts.Stellar;

namespace Payouts.Signer.Answers;

/// <summary>
/// What several signers have answered so far, inside one transaction. Two transactions that work on one request are told apart by its count of answers: the second
/// is rolled back and sees the first. Where one key signs nothing is gathered and nothing is read.
/// </summary>
public sealed class GatheredAnswers
{
    private readonly UnitOfWork<SignerDbContext> _unit;
    private readonly EnvelopeSeal _seal;
    private readonly Dictionary<string, List<SourceSignature>> _signatures;
    private readonly Dictionary<Guid, List<SourceRejection>> _rejections;

    private GatheredAnswers(UnitOfWork<SignerDbContext> unit, EnvelopeSeal seal, List<SourceSignature> signatures, List<SourceRejection> rejections)
    {
        (_unit, _seal) = (unit, seal);
        _signatures = signatures.GroupBy(x => x.TransactionHash, StringComparer.Ordinal).ToDictionary(x => x.Key, x => x.ToList(), StringComparer.Ordinal);
        _rejections = rejections.GroupBy(x => x.RequestId).ToDictionary(x => x.Key, x => x.ToList());
    }

    /// <summary>Reads what there is for these requests.</summary>
    public static async Task<GatheredAnswers> ReadAsync(UnitOfWork<SignerDbContext> unit, EnvelopeSeal seal, IReadOnlyCollection<SignRequest> requests, CancellationToken cancellationToken)
    {
        var ids = requests.Select(x => x.RequestId).ToList();
        var rejections = seal.Signers.AreOne ? [] : await unit.Db.SourceRejections.AsNoTracking().Where(x => ids.Contains(x.RequestId)).ToListAsync(cancellationToken);
        return new GatheredAnswers(unit, seal, await SignaturesAsync(unit, seal, requests.Select(x => x.TransactionHash), cancellationToken), rejections);
    }

    /// <summary>Reads the signatures of these envelopes, whichever request brought them.</summary>
    public static async Task<GatheredAnswers> ReadAsync(UnitOfWork<SignerDbContext> unit, EnvelopeSeal seal, IEnumerable<string> hashes, CancellationToken cancellationToken) =>
        new(unit, seal, await SignaturesAsync(unit, seal, hashes, cancellationToken), []);

    /// <summary>Keeps the signatures that are new; false: each was there.</summary>
    public bool Keep(SignRequest request, AnswerVerdict.Good signed, Guid? messageId)
    {
        if (_seal.Signers.AreOne)
            return false;
        var there = SignaturesOf(request);
        var added = signed.Signatures.Where(x => !there.Exists(y => y.PublicKey == x.Key.ToString())).Select(x => new SourceSignature
        {
            TransactionHash = request.TransactionHash,
            PublicKey = x.Key.ToString(),
            Signature = x.Value,
            RequestId = request.RequestId,
            MessageId = messageId,
            At = _unit.Now,
        }).ToList();
        there.AddRange(added);
        _unit.Db.SourceSignatures.AddRange(added);
        return added.Count > 0;
    }

    /// <summary>The finished envelope, when what was gathered reaches the threshold.</summary>
    public SealedEnvelope? Seal(SignRequest request) =>
        _seal.Signers.AreOne ? null : _seal.Seal(request, SignaturesOf(request));

    /// <summary>The weight of what was gathered.</summary>
    public int WeightOf(SignRequest request) => _seal.Signers.WeightOf(SignaturesOf(request).Select(x => AccountId.Parse(x.PublicKey)));

    /// <summary>Keeps a signer's no; false: there is one, or a signature, which is proof of a yes.</summary>
    public bool Refuse(SignRequest request, string key, string reason)
    {
        var there = RejectionsOf(request);
        if (there.Exists(x => x.PublicKey == key) || SignaturesOf(request).Exists(x => x.PublicKey == key))
            return false;
        var added = new SourceRejection { RequestId = request.RequestId, PublicKey = key, Reason = reason, At = _unit.Now };
        there.Add(added);
        _unit.Db.SourceRejections.Add(added);
        return true;
    }

    /// <summary>Whether those who have not said no, or have signed all the same, reach the threshold.</summary>
    public bool CanBeReached(SignRequest request)
    {
        var signed = SignaturesOf(request).Select(x => x.PublicKey);
        return _seal.Signers.CanReachWithout(RejectionsOf(request).Select(x => x.PublicKey).Except(signed).Select(key => AccountId.Parse(key)));
    }

    /// <summary>Who said no and why, for an operator.</summary>
    public string ReasonsOf(SignRequest request) => string.Join("; ", RejectionsOf(request).OrderBy(x => x.At).Select(x => $"{x.PublicKey}: {x.Reason}"));

    private List<SourceSignature> SignaturesOf(SignRequest request) =>
        _signatures.TryGetValue(request.TransactionHash, out var there) ? there : _signatures[request.TransactionHash] = [];

    private List<SourceRejection> RejectionsOf(SignRequest request) =>
        _rejections.TryGetValue(request.RequestId, out var there) ? there : _rejections[request.RequestId] = [];

    private static async Task<List<SourceSignature>> SignaturesAsync(
        UnitOfWork<SignerDbContext> unit, EnvelopeSeal seal, IEnumerable<string> hashes, CancellationToken cancellationToken)
    {
        if (seal.Signers.AreOne)
            return [];
        var wanted = hashes.Distinct().ToList();
        return await unit.Db.SourceSignatures.AsNoTracking().Where(x => wanted.Contains(x.TransactionHash)).ToListAsync(cancellationToken);
    }
}
