using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Signer.Answers;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Signer.Policies;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Answers;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

/// <summary>Replicas of payout-signer on one PostgreSQL take the answers of several signers at the same moment: none is lost, and one of them is the last.</summary>
public sealed class When_several_sign_at_once(Servers servers)
{
    private const int Requests = 40;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="threshold">Of five keys of weight 1.</param>
    /// <param name="refusing">Of the five, how many say no.</param>
    /// <param name="twice">Each answer comes through both replicas; else through one, so that nothing is said again.</param>
    [Theory(Timeout = 240_000)]
    [InlineData(2, 0, false)]
    [InlineData(5, 0, false)]
    [InlineData(5, 0, true)]
    [InlineData(3, 2, false)]
    public async Task Should_release_each_envelope_once(int threshold, int refusing, bool twice)
    {
        var installation = Installation.WithSigners(threshold, 1, 1, 1, 1, 1);
        await using var services = await OpenAsync();
        var requests = await AskAsync(services, installation);
        await using var one = Desk(services, installation);
        await using var two = Desk(services, installation);

        // Each answer alone in its transaction, all signers of a request at the same moment.
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled }, async (request, token) =>
            await Task.WhenAll(installation.SignerKeys.Take(5).SelectMany((key, at) => (twice ? [one, two] : new[] { at % 2 == 0 ? one : two }).Select(desk =>
                at < refusing ? RejectAsync(desk, request, key, token) : CompleteAsync(desk, request, key, token)))));

        await using var db = await services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        (await db.SignRequests.CountAsync(x => x.State == SignRequestState.Signed, Cancelled)).ShouldBe(Requests);
        var signedBy = await db.SignRequests.Select(x => x.SignedBy).ToListAsync(Cancelled);
        signedBy.ShouldAllBe(keys => keys!.Split(',', StringSplitOptions.None).Length == threshold);
        (await db.Database.SqlQuery<long>($"select count(*) as \"Value\" from outbox where message_type like '%PayoutSigned'").SingleAsync(Cancelled)).ShouldBe(Requests);
        (await db.Database.SqlQuery<long>($"select count(*) as \"Value\" from outbox where message_type like '%PayoutFailed'").SingleAsync(Cancelled)).ShouldBe(0);
        (await db.SourceSignatures.GroupBy(x => x.TransactionHash).CountAsync(x => x.Count() >= threshold, Cancelled)).ShouldBe(Requests);
    }

    private static Task<AnswerOutcome> CompleteAsync(AnswerDesk desk, SignRequest request, KeyPair key, CancellationToken cancellationToken) => desk.CompleteAsync(
        request.RequestId, new Answer { TransactionHash = request.TransactionHash, Signatures = [WrongAnswer.By(key, TransactionHash.Parse(request.TransactionHash))] }, message: null, cancellationToken);

    private static Task<AnswerOutcome> RejectAsync(AnswerDesk desk, SignRequest request, KeyPair key, CancellationToken cancellationToken) =>
        desk.RejectAsync(request.RequestId, new Rejection { Reason = "no", PublicKey = key.AccountId.ToString() }, message: null, cancellationToken);

    private static AnswerDesk Desk(ServiceProvider services, Installation installation) => new(
        services.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>(), new AnswerCheck(installation.Policy, installation.Keys()),
        new EnvelopeSeal(installation.Policy, installation.Keys()), new UnwatchedSteps(), NullLogger<AnswerDesk>.Instance);

    private static async Task<List<SignRequest>> AskAsync(ServiceProvider services, Installation installation)
    {
        var units = services.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>();
        var (check, match) = (new IntentCheck(installation.Policy), new OrderMatch(installation.Policy));
        await using var hot = new HotSigner(installation.Policy, installation.Keys(), match, units);
        var book = new SignRequestBook(
            installation.Policy, new SignerOptions(), check, match, new PolicyDesk(new SigningPolicyChoice(null), installation.Policy), hot, new WaitingRequests(areOurs: false),
            new EnvelopeSeal(installation.Policy, installation.Keys()), NullLogger<SignRequestBook>.Instance);
        var orders = Enumerable.Range(1, Requests).Select(round => installation.Order((uint)round)).ToList();
        await units.RunAsync(async unit =>
        {
            await new OrderBook(book, NullLogger<OrderBook>.Instance).KeepAsync(
                [.. orders.Select(order => Order.From(installation.Resolved(order), installation.Network.Passphrase, installation.Contract.ToString()))], unit, Cancelled);
            return true;
        }, Cancelled);
        await units.RunAsync(async unit =>
        {
            var validUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
            var commands = orders.ConvertAll(order => installation.Command(order, installation.Build(order, validUntil)));
            await book.TakeAsync(commands.ConvertAll(command => new CheckedRequest(SignOrder.Of(command), check.Check(command), null)), unit, Cancelled);
            return true;
        }, Cancelled);
        await using var db = await services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        return await db.SignRequests.AsNoTracking().ToListAsync(Cancelled);
    }

    private async Task<ServiceProvider> OpenAsync()
    {
        var settings = DatabaseSettings.Parse((await servers.CreateDatabaseAsync("signer", Cancelled)).Url, "payout_signer");
        await MigrationRunner.RunAsync(settings, typeof(SignerDbContext).Assembly, Cancelled);
        return new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddServiceDatabase<SignerDbContext>(settings).BuildServiceProvider();
    }
}
