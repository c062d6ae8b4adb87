using Npgsql;
using Testcontainers.PostgreSql;

namespace Payouts.Tests.Support;

/// <summary>PostgreSQL as a container.</summary>
internal static class PostgreSqlContainerHost
{
    private const string Superuser = "postgres";
    private const string Password = "superuser";

    public static (IServerHost Host, NpgsqlConnectionStringBuilder Superuser) Create(PostgreSqlOptions options)
    {
        var port = FreePort.Next();
        var container = new PostgreSqlBuilder(options.Image)
            .WithUsername(Superuser)
            .WithPassword(Password)
            .WithPortBinding(port, PostgreSqlBuilder.PostgreSqlPort)
            // The last of several values of one setting counts, so these override the builder's own.
            .WithCommand([.. options.ToServerArguments()])
            .WithLabel("payouts.test-run", Environment.GetEnvironmentVariable(ServerEnvironment.RunVariable) ?? "by-hand")
            .Build();
        var superuser = new NpgsqlConnectionStringBuilder
        {
            Host = container.Hostname,
            Port = port,
            Username = Superuser,
            Password = Password,
            Database = "postgres",
        };
        return (new ContainerServerHost(container), superuser);
    }
}
