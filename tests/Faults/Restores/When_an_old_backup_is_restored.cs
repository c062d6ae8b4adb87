using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Restores;

/// <summary>A database that is older than the ledger must not pay anybody twice, and what it forgot is still paid.</summary>
public sealed class When_an_old_backup_is_restored(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 4 * 3600 * 1000)]
    public async Task Should_pay_everybody_once_all_the_same()
    {
        if (await Backups.MissingAsync(await servers.GetPostgreSqlAsync(), Cancelled) is { } missing)
            Assert.Skip(missing);
        await using var drills = await RestoreSuite.StartAsync(servers, Chosen.Drills.Count, Cancelled);
        foreach (var restore in Chosen.Drills)
        {
            var drill = new Drill(drills, restore, Cancelled);
            await drill.RunAsync();
            Chosen.Tell($"{restore}: everybody is paid once\n  {string.Join("\n  ", drill.Seen)}");
        }
    }
}
