using Npgsql;

namespace Payouts.Tests.Support.Tests;

public sealed class When_a_database_is_asked_for(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 90_000)]
    public async Task Should_be_empty_and_its_own()
    {
        var one = await servers.CreateDatabaseAsync("rounds", Cancelled);
        var other = await servers.CreateDatabaseAsync("rounds", Cancelled);
        await one.ExecuteAsync("create table thing (id int)", Cancelled);
        (await other.ReadAsync<string>("select to_regclass('thing')::text", Cancelled)).ShouldBeNull();
        (await one.ReadAsync<string>("select to_regclass('thing')::text", Cancelled)).ShouldBe("thing");
        (await one.ReadAsync<bool>("select rolsuper from pg_roles where rolname = current_user", Cancelled)).ShouldBeFalse();
    }

    [Fact(Timeout = 90_000)]
    public async Task Should_be_reachable_in_both_forms()
    {
        var database = await servers.CreateDatabaseAsync("forms", Cancelled);
        var url = new Uri(database.Url);
        url.Scheme.ShouldBe("postgres");
        var parsed = PostgreSqlUrl.Parse(database.Url);
        parsed.EquivalentTo(new NpgsqlConnectionStringBuilder(database.ConnectionString)).ShouldBeTrue();
        await using var connection = new NpgsqlConnection(parsed.ConnectionString);
        await connection.OpenAsync(Cancelled);
        connection.Database.ShouldBe(database.Name);
    }

    [Fact(Timeout = 90_000)]
    public async Task Should_check_the_password()
    {
        var database = await servers.CreateDatabaseAsync("secret", Cancelled);
        var wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        (await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync(Cancelled))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact(Timeout = 90_000)]
    public async Task Should_lose_its_connections_on_demand()
    {
        var database = await servers.CreateDatabaseAsync("cut", Cancelled);
        await using var connection = await database.OpenAsync(Cancelled);
        (await (await servers.GetPostgreSqlAsync()).CutConnectionsAsync(database, Cancelled)).ShouldBe(1);
        await using var command = new NpgsqlCommand("select 1", connection);
        await Should.ThrowAsync<NpgsqlException>(() => command.ExecuteScalarAsync(Cancelled));
    }

    [Fact(Timeout = 90_000)]
    public async Task Should_be_reachable_through_a_proxy_that_can_cut_it()
    {
        var database = await servers.CreateDatabaseAsync("proxied", Cancelled);
        var server = await servers.GetPostgreSqlAsync();
        await using var proxy = TcpProxy.Start(server.Host, server.Port);
        var proxied = database.Through(proxy.Port);
        (await proxied.ReadAsync<int>("select 1", Cancelled)).ShouldBe(1);
        proxy.Set(TcpProxyMode.Refuse);
        await Should.ThrowAsync<NpgsqlException>(() => proxied.ReadAsync<int>("select 1", Cancelled));
    }
}
