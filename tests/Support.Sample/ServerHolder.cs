namespace Payouts.Tests.Support;

/// <summary>Starts servers as a test process would, says where they are, and waits to be killed.</summary>
internal static class ServerHolder
{
    public static async Task<int> RunAsync()
    {
        await using var servers = new Servers();
        var postgreSql = servers.GetPostgreSqlAsync();
        var rabbitMq = servers.GetRabbitMqAsync();
        Console.WriteLine(FormattableString.Invariant($"holding {(await postgreSql).Port} {(await rabbitMq).Port}"));
        await Task.Delay(TimeSpan.FromMinutes(2));
        return 0;
    }
}
