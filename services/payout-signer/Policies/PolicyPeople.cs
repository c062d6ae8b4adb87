using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Policies;

/// <summary>Who decides, and why.</summary>
/// <param name="By">A person's name, 1 to 100 characters.</param>
/// <param name="Reason">1 to 500 characters.</param>
public sealed record PolicyWord(string? By, string? Reason);

/// <summary>How the desk answered a person. A closed set.</summary>
public abstract record PolicyAnswer
{
    private PolicyAnswer()
    {
    }

    /// <summary>Kept; repeating it changes nothing.</summary>
    public sealed record Taken : PolicyAnswer;

    /// <summary>There is no such request, currency or contract.</summary>
    public sealed record Unknown(string Detail) : PolicyAnswer;

    /// <summary>The request itself is wrong.</summary>
    public sealed record Wrong(string Detail) : PolicyAnswer;
}

/// <summary>What people decide: they approve payouts above the threshold, and stop what must not be signed now. What waits is judged again at once.</summary>
public sealed class PolicyPeople(UnitOfWorkFactory<SignerDbContext> units, SigningPolicyChoice policy, SignerPolicy installation, ILogger<PolicyPeople> logger)
{
    private const int NameLengthMax = 100;
    private const int ReasonLengthMax = 500;

    /// <summary>Approves every payout that the request pays. The same person counts once.</summary>
    public Task<PolicyAnswer> ApproveAsync(Guid requestId, PolicyWord word, IReadOnlyList<PayoutId> payouts, CancellationToken cancellationToken) => units.RunAsync<PolicyAnswer>(async unit =>
    {
        if (Problem(word) is { } problem)
            return new PolicyAnswer.Wrong(problem);
        var by = word.By!.Trim();
        var known = await unit.Db.Set<PolicyApproval>().AsNoTracking().Where(x => payouts.Contains(x.PayoutId) && x.ByWhom == by).Select(x => x.PayoutId).ToListAsync(cancellationToken);
        unit.Db.Set<PolicyApproval>().AddRange(payouts.Except(known).Select(payout => new PolicyApproval { PayoutId = payout, ByWhom = by, Reason = word.Reason!.Trim(), At = unit.Now }));
        await unit.Db.SignRequests.Where(x => x.RequestId == requestId && x.State == SignRequestState.Held)
            .ExecuteUpdateAsync(x => x.SetProperty(y => y.JudgeAt, unit.Now), cancellationToken);
        return new PolicyAnswer.Taken();
    }, cancellationToken);

    /// <summary>Stops a currency or a contract, or lets it go again.</summary>
    public Task<PolicyAnswer> SwitchAsync(string subject, bool stopped, PolicyWord word, CancellationToken cancellationToken) => units.RunAsync<PolicyAnswer>(async unit =>
    {
        if (Problem(word) is { } problem)
            return new PolicyAnswer.Wrong(problem);
        // A stop that is misspelt would look like one that works.
        if (!Subjects().Contains(subject, StringComparer.Ordinal) && !await unit.Db.Orders.AnyAsync(x => x.Currency == subject, cancellationToken))
            return new PolicyAnswer.Unknown($"\"{subject}\" is no currency that was ever owed here and not the contract; known are {string.Join(", ", Subjects())}");
        unit.Db.Set<PolicySwitch>().Add(new PolicySwitch { Id = unit.NewId(), Subject = subject, Stopped = stopped, ByWhom = word.By!.Trim(), Reason = word.Reason!.Trim(), At = unit.Now });
        if (!stopped)
            await unit.Db.SignRequests.Where(x => x.State == SignRequestState.Held && x.Decision == nameof(PolicyRule.Stopped))
                .ExecuteUpdateAsync(x => x.SetProperty(y => y.JudgeAt, unit.Now), cancellationToken);
        unit.AfterCommit(() => logger.Switched(subject, stopped ? "stopped" : "let go", word.By!, word.Reason!));
        return new PolicyAnswer.Taken();
    }, cancellationToken);

    /// <summary>What can be stopped: the currencies of the policy and of the settings, and the contract.</summary>
    public IEnumerable<string> Subjects() => installation.Tokens.Keys.Union(policy.Value?.Currencies.Keys ?? []).Append(installation.Call.Contract.ToString());

    private static string? Problem(PolicyWord word) => (word.By?.Trim(), word.Reason?.Trim()) switch
    {
        (null or "", _) or ( { Length: > NameLengthMax }, _) => $"by: who decides, 1 to {NameLengthMax} characters, is right",
        (_, null or "") or (_, { Length: > ReasonLengthMax }) => $"reason: why, 1 to {ReasonLengthMax} characters, is right",
        _ => null,
    };
}
