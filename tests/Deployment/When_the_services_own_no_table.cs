using Npgsql;

namespace Payouts.Tests.Deployment;

/// <summary>
/// As the production overlay has it: the owner migrates by the services' own command, as the Jobs do, and the services run as roles that may change no table. What
/// they do all the time needs no more.
/// </summary>
public sealed class When_the_services_own_no_table(Servers servers)
{
    private const int Players = 5;
    private const string Password = "of a service";
    private static readonly TimeSpan MigratedWithin = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 300_000)]
    public async Task Should_pay_a_round()
    {
        var stop = TestContext.Current.CancellationToken;
        var database = await servers.CreateDatabaseAsync(cancellationToken: stop);
        await using var superuser = new NpgsqlConnection((await servers.GetPostgreSqlAsync()).SuperuserConnectionString);
        await superuser.OpenAsync(stop);
        foreach (var service in Components.Services)
        {
            await using var create = new NpgsqlCommand($"create role {RoleOf(database, service)} login password '{Password}'", superuser);
            await create.ExecuteNonQueryAsync(stop);
            await MigrateAsync(service, database, stop);
        }

        await ComposeRound.PayAsync(servers, Players, service => new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = RoleOf(database, service), Password = Password }.ConnectionString);
    }

    private static string RoleOf(TestDatabase database, Component service) => $"{database.Name}_{service.Name.Replace('-', '_')}";

    /// <summary>With the arguments of the service's Job, but for the role's name.</summary>
    private static async Task MigrateAsync(Component service, TestDatabase database, CancellationToken stop)
    {
        var arguments = Manifests.Build("overlays/prod/migrations").Jobs.Single(job => job.Metadata.Name == service.Name + "-migration").Spec.Template.Spec.Containers[0].Args;
        await using var program = new ServiceProcess(new ServiceProcessOptions
        {
            Assembly = RepositoryRoot.AssemblyOf(service.Folder, service.Assembly),
            Arguments = [.. arguments.SkipLast(1), RoleOf(database, service)],
            Environment = new Dictionary<string, string> { ["DATABASE_URL"] = database.Url },
        });
        await program.LaunchAsync();
        (await program.WaitForExitAsync(MigratedWithin, stop)).ShouldBe(0, program.Output);
    }
}
