using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Web;
using Payouts.Signer.Configuration;
using Payouts.Signer.Requests;
using Payouts.Tests.Support;
using Xunit;

namespace Payouts.Signer.Tests.Support;

/// <summary>The real service in this process: in-memory transport, a SQLite file of its own, and a witness who hears what it sends.</summary>
internal sealed class SignerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly LogRecorder _logs;

    private SignerHost(WebApplication app, string folder, Witness witness, LogRecorder logs)
    {
        (_app, _folder, Witness, _logs) = (app, folder, witness, logs);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public Witness Witness { get; }

    public HttpClient Http { get; }

    public UnitOfWorkFactory<SignerDbContext> Units => _app.Services.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>();

    public IReadOnlyCollection<string> LogLines => _logs.Lines;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SignerHost> StartAsync(
        Installation installation, Action<Dictionary<string, string?>>? settings = null, SignerOptions? options = null, TimeProvider? time = null, params IServiceModule[] others)
    {
        var folder = Directory.CreateTempSubdirectory("signer-tests-").FullName;
        var values = installation.Settings($"sqlite:{Path.Combine(folder, "signer.db")}");
        settings?.Invoke(values);
        var witness = new Witness();
        var logs = new LogRecorder();
        var app = Build(values, options, time, logs, [new PayoutSignerModule(), witness, .. others]);
        await ServiceHost.StartAsync(app, Cancelled);
        return new SignerHost(app, folder, witness, logs);
    }

    /// <summary>Wires the service without starting it: what a start does with its settings.</summary>
    public static WebApplication Build(Dictionary<string, string?> settings, SignerOptions? options, TimeProvider? time, LogRecorder logs, IReadOnlyList<IServiceModule> modules)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Logging.AddProvider(logs);
        if (options is not null)
            builder.Services.AddSingleton(options);
        if (time is not null)
            builder.Services.AddSingleton(time);
        return ServiceHost.Build(builder, modules);
    }

    /// <summary>Sends a message as another service would; the id is kept when the same message is to be sent twice.</summary>
    public Task SendAsync<T>(T message, Guid? messageId = null)
        where T : class => _app.Services.GetRequiredService<IBus>().Publish(message, context => context.MessageId = messageId ?? Guid.NewGuid(), Cancelled);

    public Task<SigningRequested> RequestAsync(PayoutId payout, int attempt = 1) =>
        FirstAsync($"payout {payout} attempt {attempt} is given to the external signer", Witness.Requests, x => x.PayoutId == payout && x.Attempt == attempt);

    public Task<PayoutSigned> SignedAsync(PayoutId payout) => FirstAsync($"payout {payout} is signed", Witness.Signed, x => x.PayoutId == payout);

    public Task<PayoutAuthorized> AuthorizedAsync(PayoutId payout) => FirstAsync($"payout {payout} is authorized", Witness.Authorized, x => x.PayoutId == payout);

    public Task<AuthorizationFailed> NotAuthorizedAsync(PayoutId payout) => FirstAsync($"payout {payout} is not authorized", Witness.NotAuthorized, x => x.PayoutId == payout);

    public Task<PayoutFailed> FailedAsync(PayoutId payout) => FirstAsync($"payout {payout} fails", Witness.Failed, x => x.PayoutId == payout);

    public async Task<DeadLetter> DeadLetterAsync(string reason)
    {
        var letters = await Probe.Until($"a dead letter says {reason}", LettersAsync, found => found.Any(x => x.Reason == reason));
        return letters.First(x => x.Reason == reason);
    }

    public async Task<IReadOnlyList<DeadLetter>> LettersAsync(CancellationToken cancellationToken)
    {
        await using var db = await _app.Services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(cancellationToken);
        return await db.DeadLetters.AsNoTracking().ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<SignRequest>> StoredAsync(PayoutId payout)
    {
        await using var db = await _app.Services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        return await db.SignRequests.AsNoTracking().Where(x => x.PayoutId == payout).OrderBy(x => x.Attempt).ToListAsync(Cancelled);
    }

    public Task<SignRequest> StoredAsync(PayoutId payout, SignRequestState state) => Probe.Until(
        $"payout {payout} is {state}", async _ => (await StoredAsync(payout)).SingleOrDefault()!, request => request?.State == state);

    /// <summary>Waits until a command sent after all the others was handled.</summary>
    public async Task DrainCommandsAsync(Installation installation)
    {
        var order = installation.Order(round: 1_000_000 + (uint)Witness.Failed.Count);
        var last = installation.Command(order, installation.Build(order, DateTimeOffset.FromUnixTimeSeconds(4_000_000_000)));
        await SendAsync(last with { TransactionHash = new string('0', 64) });
        await FailedAsync(last.PayoutId);
    }

    /// <summary>Waits until an answer sent after all the others was handled.</summary>
    public async Task DrainAnswersAsync()
    {
        var nobody = Guid.NewGuid();
        await SendAsync(new SigningCompleted { RequestId = nobody, TransactionHash = new string('0', 64), Signatures = [] });
        await Probe.Until("the last answer is a dead letter", LettersAsync, letters => letters.Any(x => x.Detail.Contains(nobody.ToString(), StringComparison.Ordinal)));
    }

    /// <summary>A round is resolved, its payout is asked to be signed, and the external signer hears of it.</summary>
    public async Task<SigningRequested> AskAsync(Installation installation, uint? round = null, int attempt = 1, DateTimeOffset? validUntil = null)
    {
        var order = installation.Order(round);
        await SendAsync(installation.Resolved(order));
        await SendAsync(installation.Command(order, installation.Build(order, validUntil ?? DateTimeOffset.FromUnixTimeSeconds(4_000_000_000)), attempt));
        return await RequestAsync(installation.IdOf(order), attempt);
    }

    /// <summary>Works on the service's own database, beside its handlers.</summary>
    public async Task ChangeAsync(Action<SignerDbContext> change)
    {
        await using var db = await _app.Services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        change(db);
        await db.SaveChangesAsync(Cancelled);
    }

    /// <summary>When each order was kept, as the database writes it: the same for all of one transaction.</summary>
    public async Task<List<string>> KeptAtAsync()
    {
        await using var db = await _app.Services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        return await db.Database.SqlQuery<string>($"select kept_at as value from orders").ToListAsync(Cancelled);
    }

    public async Task<int> CountOrdersAsync()
    {
        await using var db = await _app.Services.GetRequiredService<IDbContextFactory<SignerDbContext>>().CreateDbContextAsync(Cancelled);
        return await db.Orders.CountAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.EndAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<T> FirstAsync<T>(string what, IReadOnlyCollection<T> heard, Func<T, bool> wanted)
        where T : class => (await Probe.Until(what, _ => Task.FromResult(heard.FirstOrDefault(wanted)), found => found is not null))!;
}
