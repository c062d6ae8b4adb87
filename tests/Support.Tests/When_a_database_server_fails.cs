using Npgsql;

namespace Payouts.Tests.Support.Tests;

public sealed class When_a_database_server_fails
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_come_back_with_what_was_committed()
    {
        await using var server = await PostgreSqlServer.StartNewAsync(cancellationToken: Cancelled);
        (await server.ShowAsync("fsync", Cancelled)).ShouldBe("on");
        var database = await server.CreateDatabaseAsync("kept", Cancelled);
        await database.ExecuteAsync("create table payments (id int)", Cancelled);

        await database.ExecuteAsync("insert into payments values (1)", Cancelled);
        await server.KillAsync(Cancelled);
        await Should.ThrowAsync<NpgsqlException>(() => database.ReadAsync<long>("select 1", Cancelled));
        await server.StartAsync(Cancelled);
        (await database.ReadAsync<long>("select count(*) from payments", Cancelled)).ShouldBe(1);

        await database.ExecuteAsync("insert into payments values (2)", Cancelled);
        await server.RestartAsync(Cancelled);
        (await database.ReadAsync<long>("select count(*) from payments", Cancelled)).ShouldBe(2);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_the_log_when_it_cannot_start()
    {
        var failure = await Should.ThrowAsync<Exception>(() => PostgreSqlServer.StartNewAsync(new PostgreSqlOptions { ConnectionsMax = -5 }, Cancelled));
        failure.Message.ShouldContain("max_connections");
    }
}
