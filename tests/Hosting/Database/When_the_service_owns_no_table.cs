using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Tests.Support;
using Payouts.Hosting.Web;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Database;

/// <summary>The owner of the database migrates before the rollout; the service's own role reads and writes rows and changes no table.</summary>
public sealed class When_the_service_owns_no_table(Servers servers)
{
    private const string RolePassword = "of the role";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Should_start_when_nothing_is_left_to_run()
    {
        var (database, role) = await PrepareAsync();
        (await MigrateAsync(database.Url, "migrate", "--grant", role)).ShouldBe((0, $"schema sample is up to date, {role} may read and write its rows{Environment.NewLine}"));
        await MigrationRunner.RunAsync(DatabaseSettings.Parse(UrlOf(database, role), "sample"), typeof(SampleDb).Assembly, Cancelled);
        await AsRole(database, role, "insert into sample.inbox (consumer, message_id, received_at) values ('c', gen_random_uuid(), now())");
        await AsRole(database, role, "delete from sample.inbox");
    }

    [Theory]
    [InlineData("drop table sample.inbox")]
    [InlineData("truncate sample.inbox")]
    [InlineData("alter table sample.inbox disable trigger all")]
    [InlineData("create table sample.mine (id int)")]
    [InlineData("delete from sample.schema_versions")]
    public async Task Should_be_refused(string statement)
    {
        var (database, role) = await PrepareAsync();
        (await MigrateAsync(database.Url, "migrate", "--grant", role)).Code.ShouldBe(0);
        (await Should.ThrowAsync<PostgresException>(() => AsRole(database, role, statement))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Should_not_start_before_the_owner_has_migrated()
    {
        var (database, role) = await PrepareAsync();
        var stopped = await Should.ThrowAsync<InvalidOperationException>(() => MigrationRunner.RunAsync(DatabaseSettings.Parse(UrlOf(database, role), "sample"), typeof(SampleDb).Assembly, Cancelled));
        stopped.Message.ShouldContain("run the command \"migrate\" as the owner");
        var (code, text) = await MigrateAsync(UrlOf(database, role), "migrate");
        code.ShouldBe(ServiceCommand.ExitUnavailable);
        text.ShouldContain("as the owner");
    }

    [Fact]
    public async Task Should_change_nothing_when_it_is_run_again()
    {
        var (database, role) = await PrepareAsync();
        await MigrateAsync(database.Url, "migrate", "--grant", role);
        var before = await database.ReadAsync<long>("select count(*) from sample.schema_versions", Cancelled);
        (await MigrateAsync(database.Url, "migrate")).ShouldBe((0, $"schema sample is up to date{Environment.NewLine}"));
        (await database.ReadAsync<long>("select count(*) from sample.schema_versions", Cancelled)).ShouldBe(before);
        before.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(ServiceCommand.ExitUsage, "migrate", "--grant")]
    [InlineData(ServiceCommand.ExitUsage, "migrate", "now")]
    [InlineData(ServiceCommand.ExitUnavailable, "migrate", "--grant", "nobody at all")]
    public async Task Should_say_what_is_wrong(int code, params string[] arguments)
    {
        var (database, _) = await PrepareAsync();
        (await MigrateAsync(database.Url, arguments)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Should_name_a_missing_address()
    {
        var (code, text) = await MigrateAsync("", "migrate");
        code.ShouldBe(ServiceHost.ExitConfiguration);
        text.ShouldContain(SettingNames.DatabaseUrl);
    }

    private async Task<(TestDatabase Database, string Role)> PrepareAsync()
    {
        var database = await servers.CreateDatabaseAsync("owned", Cancelled);
        var role = database.Name + "_service";
        await using var superuser = new NpgsqlConnection((await servers.GetPostgreSqlAsync()).SuperuserConnectionString);
        await superuser.OpenAsync(Cancelled);
        await using var create = new NpgsqlCommand($"create role {role} login password '{RolePassword}'", superuser);
        await create.ExecuteNonQueryAsync(Cancelled);
        return (database, role);
    }

    private static string UrlOf(TestDatabase database, string role) =>
        new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = RolePassword }.ConnectionString;

    private static async Task AsRole(TestDatabase database, string role, string statement)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(UrlOf(database, role)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static async Task<(int Code, string Text)> MigrateAsync(string url, params string[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(SettingNames.DatabaseUrl, url)]).Build();
        var result = await MigrateCommand.AnswerAsync(new SampleModule(), arguments, configuration, Cancelled);
        return (result.ExitCode, result.Text);
    }

    private sealed class SampleModule : IServiceModule
    {
        public string Name => "sample";

        public string Schema => "sample";

        public void AddServices(IServiceCollection services, Settings settings)
        {
        }

        public void AddConsumers(IBusRegistrationConfigurator bus)
        {
        }

        public void MapEndpoints(IEndpointRouteBuilder routes)
        {
        }
    }
}
