using Microsoft.EntityFrameworkCore;
using Payouts.Signer.Configuration;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Http;

/// <summary>What several signers have answered to a request.</summary>
public sealed record GatheredView
{
    /// <summary>The weight that is needed.</summary>
    public required int Threshold { get; init; }

    /// <summary>The weight of those who have signed.</summary>
    public required int Weight { get; init; }

    /// <summary>Every key that may sign.</summary>
    public required IReadOnlyList<GatheredKey> Keys { get; init; }

    /// <summary>Reads what there is of these requests, by request; empty where one key signs.</summary>
    public static async Task<Dictionary<Guid, GatheredView>> ReadAsync(SignerDbContext db, SourceSigners signers, IReadOnlyList<SignRequest> requests, CancellationToken cancellationToken)
    {
        if (signers.AreOne)
            return [];
        var hashes = requests.Select(x => x.TransactionHash).Distinct().ToList();
        var ids = requests.Select(x => x.RequestId).ToList();
        // Without the signatures themselves: nobody who reads this needs them.
        var signed = await db.SourceSignatures.Where(x => hashes.Contains(x.TransactionHash)).Select(x => new { x.TransactionHash, x.PublicKey, x.At }).ToListAsync(cancellationToken);
        var rejected = await db.SourceRejections.AsNoTracking().Where(x => ids.Contains(x.RequestId)).ToListAsync(cancellationToken);
        return requests.ToDictionary(request => request.RequestId, request =>
        {
            var keys = signers.Keys.Select(key => new GatheredKey
            {
                PublicKey = key.ToString(),
                Weight = signers.WeightOf(key),
                SignedAt = signed.Find(x => x.TransactionHash == request.TransactionHash && x.PublicKey == key.ToString())?.At,
                Rejection = rejected.Find(x => x.RequestId == request.RequestId && x.PublicKey == key.ToString())?.Reason,
            }).ToList();
            return new GatheredView { Threshold = signers.Threshold, Weight = keys.Where(x => x.SignedAt is not null).Sum(x => x.Weight), Keys = keys };
        });
    }
}

/// <summary>One key and its answer.</summary>
public sealed record GatheredKey
{
    /// <summary>G...</summary>
    public required string PublicKey { get; init; }

    /// <summary>1 to 255.</summary>
    public required int Weight { get; init; }

    /// <summary>When its signature was taken; null: there is none.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>Why it does not sign; null: it has not said so.</summary>
    public string? Rejection { get; init; }
}
