using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Submitter;

internal static class SubmissionRows
{
    /// <summary>Locks the submissions with these hashes, in key order; hashes of strangers are simply not among the result.</summary>
    public static async Task<Dictionary<string, Submission>> LockByHashAsync(this UnitOfWork<SubmitterDbContext> unit, IEnumerable<string> hashes, CancellationToken cancellationToken)
    {
        var wanted = hashes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var rows = unit.Dialect.WriterGate is null
            ? await unit.LockAsync<SubmitterDbContext, Submission>(
                "select * from submissions where transaction_hash = any({0}) order by transaction_hash", skipLocked: false, [wanted], cancellationToken)
            : await unit.Db.Submissions.AsTracking().Where(x => wanted.Contains(x.TransactionHash)).ToListAsync(cancellationToken);
        return rows.ToDictionary(x => x.TransactionHash, StringComparer.Ordinal);
    }
}
