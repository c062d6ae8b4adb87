using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Support;

/// <summary>The sample's tables on either database; nothing consumes or ships.</summary>
internal sealed class SampleStore : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string Postgres = "PostgreSQL";
    public const string Schema = "sample";

    private readonly ServiceProvider _services;
    private readonly string? _folder;

    private SampleStore(ServiceProvider services, string? folder, string url) => (_services, _folder, Url) = (services, folder, url);

    public string Url { get; }

    public UnitOfWorkFactory<SampleDb> Units => _services.GetRequiredService<UnitOfWorkFactory<SampleDb>>();

    public DatabaseOf<SampleDb> Database => _services.GetRequiredService<DatabaseOf<SampleDb>>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SampleStore> CreateAsync(Servers servers, string database)
    {
        if (database == Postgres)
            return await OpenAsync((await servers.CreateDatabaseAsync("hosting", Cancelled)).Url, null);
        var folder = Directory.CreateTempSubdirectory("payouts-hosting-").FullName;
        return await OpenAsync($"sqlite:{Path.Combine(folder, "sample.db")}", folder);
    }

    public static Task<SampleStore> OpenAsync(string url) => OpenAsync(url, null);

    public async Task<T> ReadAsync<T>(Func<SampleDb, CancellationToken, Task<T>> read)
    {
        await using var db = await _services.GetRequiredService<IDbContextFactory<SampleDb>>().CreateDbContextAsync(Cancelled);
        return await read(db, Cancelled);
    }

    public Task<List<string>> FactsAsync() => ReadAsync((db, token) => db.Facts.AsNoTracking().OrderBy(x => x.Text).Select(x => x.Text).ToListAsync(token));

    public async Task<int> CountAsync(string table) =>
        (await ReadAsync((db, token) => db.Database.SqlQueryRaw<int>(string.Concat("select cast(count(*) as int) as value from ", table)).ToListAsync(token)))[0];

    /// <summary>A statement of the test's own.</summary>
    public Task<int> ExecuteAsync(string sql) => ReadAsync((db, token) => db.Database.ExecuteSqlRawAsync(sql, token));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_folder is null)
            return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<SampleStore> OpenAsync(string url, string? folder)
    {
        var settings = DatabaseSettings.Parse(url, Schema);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddServiceDatabase<SampleDb>(settings);
        await MigrationRunner.RunAsync(settings, typeof(SampleDb).Assembly, Cancelled);
        return new SampleStore(services.BuildServiceProvider(), folder, url);
    }
}
