using Xunit;

namespace Payouts.Tests.Support;

/// <summary>
/// The real servers of a test project: PostgreSQL and RabbitMQ, each started when first asked for and shared by all its tests.
/// </summary>
/// <remarks>
/// A project takes part with <c>[assembly: AssemblyFixture(typeof(Servers))]</c> and a constructor parameter of this type. Tests that
/// stop or kill a server start one of their own (<see cref="PostgreSqlServer.StartNewAsync"/>, <see cref="RabbitMqServer.StartNewAsync"/>).
/// Each project starts its own pair, side by side in about 8 s on two idle cores and only when a test asks: no project then sees another
/// one's queues, statistics or crashes, for less than building the projects takes. To share a pair over several projects, the variables
/// PAYOUTS_TEST_POSTGRES, and PAYOUTS_TEST_RABBITMQ with PAYOUTS_TEST_RABBITMQ_MANAGEMENT, name the servers to use.
/// </remarks>
public sealed class Servers : IAsyncLifetime
{
    private const string PostgreSqlVariable = "PAYOUTS_TEST_POSTGRES";
    private const string RabbitMqVariable = "PAYOUTS_TEST_RABBITMQ";
    private const string RabbitMqManagementVariable = "PAYOUTS_TEST_RABBITMQ_MANAGEMENT";

    // Not the token of the test that asks first: the others wait for the same start.
    private readonly CancellationTokenSource _ending = new();
    private readonly Lazy<Task<PostgreSqlServer>> _postgreSql;
    private readonly Lazy<Task<RabbitMqServer>> _rabbitMq;

    /// <summary>Starts nothing yet.</summary>
    public Servers()
    {
        _postgreSql = new Lazy<Task<PostgreSqlServer>>(() => StartPostgreSqlAsync(_ending.Token));
        _rabbitMq = new Lazy<Task<RabbitMqServer>>(() => StartRabbitMqAsync(_ending.Token));
    }

    /// <summary>The shared PostgreSQL server; its commits do not wait for the disk.</summary>
    public Task<PostgreSqlServer> GetPostgreSqlAsync() => _postgreSql.Value;

    /// <summary>The shared RabbitMQ broker.</summary>
    public Task<RabbitMqServer> GetRabbitMqAsync() => _rabbitMq.Value;

    /// <summary>A new, empty database on the shared server.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(string name = "test", CancellationToken cancellationToken = default) =>
        await (await GetPostgreSqlAsync()).CreateDatabaseAsync(name, cancellationToken);

    /// <summary>A new, empty virtual host on the shared broker.</summary>
    public async Task<TestVirtualHost> CreateVirtualHostAsync(string name = "test", CancellationToken cancellationToken = default) =>
        await (await GetRabbitMqAsync()).CreateVirtualHostAsync(name, cancellationToken);

    /// <summary>Where the servers of this test process run.</summary>
    public static Task<ServersMode> GetModeAsync() => ServersModeChoice.GetAsync();

    /// <summary>Nothing yet: a run of tests that need no server should not wait for one.</summary>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        // One that failed to start has failed its tests already and has cleaned up after itself.
        if (_postgreSql.IsValueCreated && !_postgreSql.Value.IsFaulted && !_postgreSql.Value.IsCanceled)
        {
            await (await _postgreSql.Value).DisposeAsync();
        }

        if (_rabbitMq.IsValueCreated && !_rabbitMq.Value.IsFaulted && !_rabbitMq.Value.IsCanceled)
        {
            await (await _rabbitMq.Value).DisposeAsync();
        }

        _ending.Dispose();
    }

    private static Task<PostgreSqlServer> StartPostgreSqlAsync(CancellationToken cancellationToken) =>
        Environment.GetEnvironmentVariable(PostgreSqlVariable) is { Length: > 0 } url
            ? PostgreSqlServer.UseAsync(url, PostgreSqlVariable, cancellationToken)
            : PostgreSqlServer.StartNewAsync(new PostgreSqlOptions { Durable = false }, cancellationToken);

    private static Task<RabbitMqServer> StartRabbitMqAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(RabbitMqVariable) is not { Length: > 0 } url)
        {
            return RabbitMqServer.StartNewAsync(cancellationToken: cancellationToken);
        }

        var management = Environment.GetEnvironmentVariable(RabbitMqManagementVariable);
        return management is { Length: > 0 }
            ? RabbitMqServer.UseAsync(url, management, RabbitMqVariable, cancellationToken)
            : throw new InvalidOperationException($"{RabbitMqVariable} is set, so {RabbitMqManagementVariable} must name its management address, e.g. http://127.0.0.1:15672/");
    }
}
