using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Retention;
using Payouts.Signer.Answers;
using Payouts.Signer.Orders;
using Payouts.Signer.Policies;
using Payouts.Signer.Requests;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Retention;

public sealed class When_requests_grow_old(Servers servers)
{
    private static readonly DateTimeOffset Now = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_forget_at_the_bound_what_is_answered_and_keep_the_order_of_what_is_not(bool postgres)
    {
        await using var services = await OpenAsync(postgres);
        var units = services.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>();
        var bound = Now - TimeSpan.FromDays(400);
        await AddAsync(units, "at the bound", SignRequestState.Signed, bound);
        await AddAsync(units, "older", SignRequestState.Signed, bound.AddMilliseconds(-1));
        await AddAsync(units, "rejected", SignRequestState.Rejected, bound.AddYears(-1));
        await AddAsync(units, "waiting", SignRequestState.Waiting, bound.AddYears(-5));

        await ForgetAsync(units);

        await using var db = await services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        (await db.SignRequests.Select(x => x.TransactionHash).Order().ToListAsync(Cancelled)).ShouldBe(["at the bound", "waiting"]);
        (await db.Orders.Select(x => x.RoundId).Order().ToListAsync(Cancelled)).ShouldBe(["at the bound", "waiting"]);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_forget_what_the_policy_remembers_at_the_bound(bool postgres)
    {
        await using var services = await OpenAsync(postgres);
        var units = services.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>();
        var bound = Now - TimeSpan.FromDays(400);
        await units.RunAsync(async unit =>
        {
            foreach (var (name, at) in new[] { ("at the bound", bound), ("older", bound.AddMilliseconds(-1)) })
            {
                var payout = new PayoutId(Guid.CreateVersion7());
                unit.Db.AddRange(
                    new PolicyDecision { Id = Guid.CreateVersion7(), RequestId = Guid.NewGuid(), PayoutId = payout, Verdict = "Allow", Rule = PolicyRule.WithinLimits, Detail = name, At = at },
                    new PolicyMinute { Currency = name, Minute = at, Amount = new Stroops(1) },
                    new PolicyRound { RoundId = name, Currency = "XLM", Amount = new Stroops(1), At = at },
                    new PolicyCounted { PayoutId = payout, At = at },
                    new PolicyApproval { PayoutId = payout, ByWhom = name, Reason = "test", At = at },
                    new PolicySwitch { Id = Guid.CreateVersion7(), Subject = name, Stopped = true, ByWhom = "Ana", Reason = "test", At = at });
            }

            await unit.Db.SaveChangesAsync(Cancelled);
            return true;
        }, Cancelled);

        await ForgetAsync(units);

        await using var db = await services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        (await db.Set<PolicyDecision>().Select(x => x.Detail).ToListAsync(Cancelled)).ShouldBe(["at the bound"]);
        (await db.Set<PolicyMinute>().Select(x => x.Currency).ToListAsync(Cancelled)).ShouldBe(["at the bound"]);
        (await db.Set<PolicyRound>().Select(x => x.RoundId).ToListAsync(Cancelled)).ShouldBe(["at the bound"]);
        (await db.Set<PolicyApproval>().Select(x => x.ByWhom).ToListAsync(Cancelled)).ShouldBe(["at the bound"]);
        (await db.Set<PolicyCounted>().CountAsync(Cancelled)).ShouldBe(1);
        (await db.Set<PolicySwitch>().CountAsync(Cancelled)).ShouldBe(2, "who stopped what is kept");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_forget_what_several_signers_answered_at_the_bound(bool postgres)
    {
        await using var services = await OpenAsync(postgres);
        var units = services.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>();
        var bound = Now - TimeSpan.FromDays(400);
        await units.RunAsync(async unit =>
        {
            foreach (var (name, at) in new[] { ("at the bound", bound), ("older", bound.AddMilliseconds(-1)) })
            {
                unit.Db.AddRange(
                    new SourceSignature { TransactionHash = name, PublicKey = "G", Signature = [1], RequestId = Guid.NewGuid(), MessageId = Guid.NewGuid(), At = at },
                    new SourceRejection { RequestId = Guid.NewGuid(), PublicKey = "G", Reason = name, At = at });
            }

            await unit.Db.SaveChangesAsync(Cancelled);
            return true;
        }, Cancelled);

        await ForgetAsync(units);

        await using var db = await services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        (await db.SourceSignatures.Select(x => x.TransactionHash).ToListAsync(Cancelled)).ShouldBe(["at the bound"]);
        (await db.SourceRejections.Select(x => x.Reason).ToListAsync(Cancelled)).ShouldBe(["at the bound"]);
    }

    private async Task<ServiceProvider> OpenAsync(bool postgres)
    {
        var folder = Directory.CreateTempSubdirectory("payouts-signer-").FullName;
        var url = postgres ? (await servers.CreateDatabaseAsync("signer", Cancelled)).Url : $"sqlite:{Path.Combine(folder, "signer.db")}";
        var settings = DatabaseSettings.Parse(url, "payout_signer");
        await MigrationRunner.RunAsync(settings, typeof(SignerDbContext).Assembly, Cancelled);
        return new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(new FakeTimeProvider(Now)).AddServiceDatabase<SignerDbContext>(settings).BuildServiceProvider();
    }

    private static Task ForgetAsync(UnitOfWorkFactory<SignerDbContext> units) =>
        new RetentionLoop<SignerDbContext>(units, SignerRetention.Rules, new RetentionOptions(TimeSpan.FromDays(400)), TimeProvider.System, NullLogger<RetentionLoop<SignerDbContext>>.Instance)
            .ForgetAsync(Cancelled);

    /// <summary>An order, kept at the time, and a request for it.</summary>
    private static Task AddAsync(UnitOfWorkFactory<SignerDbContext> units, string name, SignRequestState state, DateTimeOffset at) => units.RunAsync(async unit =>
    {
        var id = new PayoutId(Guid.CreateVersion7());
        unit.Db.Add(new Order { PayoutId = id, Context = "GAME", Winner = "G", Amount = new Stroops(1), Currency = "XLM", RoundId = name });
        var request = new SignRequest { RequestId = Guid.CreateVersion7(), PayoutId = id, Attempt = 1, TransactionHash = name, UnsignedXdr = "", Channel = "G", AskedAt = at, Deadline = at, ValidUntil = at };
        if (state == SignRequestState.Waiting)
            request.MoveTo(state);
        else
            request.Close(state, at, "as the test says");
        unit.Db.Add(request);
        await unit.Db.SaveChangesAsync(Cancelled);
        await unit.Db.Database.ExecuteSqlAsync($"update orders set kept_at = {at.UtcDateTime} where payout_id = {id.Value}", Cancelled);
        return true;
    }, Cancelled);
}
