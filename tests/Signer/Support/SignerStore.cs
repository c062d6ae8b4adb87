using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Answers;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Signer.Policies;
using Payouts.Signer.Requests;
using Xunit;

namespace Payouts.Signer.Tests.Support;

/// <summary>payout-signer's tables in a SQLite file and what works on them; nothing consumes, sweeps or ships unless the test does it.</summary>
internal sealed class SignerStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HotSigner _hot;
    private readonly string _folder;

    private SignerStore(ServiceProvider services, Installation installation, string folder)
    {
        (_services, _folder, Installation) = (services, folder, installation);
        var match = new OrderMatch(installation.Policy);
        _hot = new HotSigner(installation.Policy, installation.Keys(), match, Units);
        Book = new SignRequestBook(installation.Policy, Options, new IntentCheck(installation.Policy), match, new PolicyDesk(new SigningPolicyChoice(null), installation.Policy), _hot, new WaitingRequests(areOurs: false), Seal, NullLogger<SignRequestBook>.Instance);
        Orders = new OrderBook(Book, NullLogger<OrderBook>.Instance);
    }

    public Installation Installation { get; }

    public EnvelopeSeal Seal => new(Installation.Policy, Installation.Keys());

    public SignerOptions Options { get; } = new();

    public SignRequestBook Book { get; }

    public OrderBook Orders { get; }

    public FakeTimeProvider Clock => (FakeTimeProvider)_services.GetRequiredService<TimeProvider>();

    public UnitOfWorkFactory<SignerDbContext> Units => _services.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>();

    public IDbContextFactory<SignerDbContext> Contexts => _services.GetRequiredService<IDbContextFactory<SignerDbContext>>();

    public DatabaseOf<SignerDbContext> Database => _services.GetRequiredService<DatabaseOf<SignerDbContext>>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SignerStore> CreateAsync(Installation? installation = null)
    {
        var folder = Directory.CreateTempSubdirectory("signer-tests-").FullName;
        var settings = DatabaseSettings.Parse($"sqlite:{Path.Combine(folder, "signer.db")}", "payout_signer");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)));
        services.AddServiceDatabase<SignerDbContext>(settings);
        await MigrationRunner.RunAsync(settings, typeof(SignerDbContext).Assembly, Cancelled);
        return new SignerStore(services.BuildServiceProvider(), installation ?? new Installation(), folder);
    }

    public RequestSweep Sweep() => new(Units, Contexts, Book, Options, Clock, NullLogger<RequestSweep>.Instance);

    /// <summary>Takes requests for these debts, each with the verdict of the check or another.</summary>
    public Task AskAsync(IEnumerable<PayoutOrder> orders, IntentVerdict? verdict = null)
    {
        var check = new IntentCheck(Installation.Policy);
        var validUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
        var asked = orders.Select(order => Installation.Command(order, Installation.Build(order, validUntil))).Select(command => new CheckedRequest(SignOrder.Of(command), verdict ?? check.Check(command), null)).ToList();
        return Units.RunAsync(async unit =>
        {
            await Book.TakeAsync(asked, unit, Cancelled);
            return true;
        }, Cancelled);
    }

    /// <summary>Keeps the orders of resolved rounds.</summary>
    public Task KeepAsync(params IReadOnlyList<RoundResolved> rounds) => Units.RunAsync(async unit =>
    {
        await Orders.KeepAsync([.. rounds.Select(round => Order.From(round, Installation.Network.Passphrase, Installation.Contract.ToString()))], unit, Cancelled);
        return true;
    }, Cancelled);

    public async Task<T> ReadAsync<T>(Func<SignerDbContext, Task<T>> read)
    {
        await using var db = await Contexts.CreateDbContextAsync(Cancelled);
        return await read(db);
    }

    public Task<int> CountAsync(SignRequestState state) => ReadAsync(db => db.SignRequests.CountAsync(x => x.State == state, Cancelled));

    public async ValueTask DisposeAsync()
    {
        await _hot.DisposeAsync();
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
