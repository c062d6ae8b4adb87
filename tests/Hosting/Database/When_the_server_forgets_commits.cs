using Payouts.Hosting.Database;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Database;

public sealed class When_the_server_forgets_commits(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Should_not_start_on_it()
    {
        var stopped = await Should.ThrowAsync<InvalidOperationException>(() => MigrateAsync("off"));
        stopped.Message.ShouldContain("set synchronous_commit to on");
    }

    [Theory]
    [InlineData("local")]
    [InlineData("on")]
    public Task Should_start_on_one_that_keeps_them(string synchronousCommit) => MigrateAsync(synchronousCommit);

    private async Task MigrateAsync(string synchronousCommit)
    {
        var database = await servers.CreateDatabaseAsync("commits", Cancelled);
        await database.ExecuteAsync($"alter database \"{database.Name}\" set synchronous_commit = {synchronousCommit}", Cancelled);
        await MigrationRunner.RunAsync(DatabaseSettings.Parse(database.Url, "sample"), typeof(SampleDb).Assembly, Cancelled);
    }
}
