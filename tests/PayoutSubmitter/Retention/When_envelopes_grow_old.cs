using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Retention;
using Payouts.Tests.Support;

namespace Payouts.Submitter.Tests.Retention;

public sealed class When_envelopes_grow_old(Servers servers)
{
    private static readonly DateTimeOffset Now = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_forget_at_the_bound_what_is_done_and_nothing_that_is_open(bool postgres)
    {
        var folder = Directory.CreateTempSubdirectory("payouts-submitter-").FullName;
        var url = postgres ? (await servers.CreateDatabaseAsync("submitter", Cancelled)).Url : $"sqlite:{Path.Combine(folder, "submitter.db")}";
        var settings = DatabaseSettings.Parse(url, "payout_submitter");
        await MigrationRunner.RunAsync(settings, typeof(SubmitterDbContext).Assembly, Cancelled);
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(new FakeTimeProvider(Now)).AddServiceDatabase<SubmitterDbContext>(settings).BuildServiceProvider();
        var units = services.GetRequiredService<UnitOfWorkFactory<SubmitterDbContext>>();
        var bound = Now - TimeSpan.FromDays(400);
        await units.RunAsync(unit =>
        {
            unit.Db.AddRange(Row("at the bound", SubmissionState.Done, bound), Row("older", SubmissionState.Done, bound.AddMilliseconds(-1)), Row("open", SubmissionState.Watching, null));
            unit.Db.AddRange(Bump("of the older", "older", bound.AddMilliseconds(-1)), Bump("of the open", "open", bound.AddYears(-5)), Bump("young", "nobody's", bound));
            return Task.FromResult(true);
        }, Cancelled);

        await new RetentionLoop<SubmitterDbContext>(units, SubmitterRetention.Rules, new RetentionOptions(TimeSpan.FromDays(400)), TimeProvider.System, NullLogger<RetentionLoop<SubmitterDbContext>>.Instance)
            .ForgetAsync(Cancelled);

        await using var db = await services.GetRequiredService<IDbContextFactory<SubmitterDbContext>>().CreateDbContextAsync(Cancelled);
        (await db.Submissions.Select(x => x.TransactionHash).Order().ToListAsync(Cancelled)).ShouldBe(["at the bound", "open"]);
        (await db.Set<FeeBump>().Select(x => x.BumpHash).Order().ToListAsync(Cancelled)).ShouldBe(["of the open", "young"]);
    }

    private static Submission Row(string hash, SubmissionState state, DateTimeOffset? doneAt) => new()
    {
        TransactionHash = hash, Channel = "G", Winner = "G", Currency = "XLM", SignedXdr = "", State = state, DoneAt = doneAt,
        ValidUntil = Now.AddYears(-5), CreatedAt = Now.AddYears(-5),
    };

    private static FeeBump Bump(string hash, string of, DateTimeOffset at) => new() { BumpHash = hash, TransactionHash = of, FeeStroops = 1, CreatedAt = at };
}
