using System.Globalization;
using Payouts.Hosting.Database;
using Payouts.Hosting.Web;

namespace Payouts.Builder.Recovering;

/// <summary>"payout-builder recover": run once after a restore, before the service starts. Running it again harms nothing.</summary>
public static class RecoverCommand
{
    /// <summary>The first argument.</summary>
    public const string Name = "recover";

    private const string Usage = "usage: payout-builder recover";

    /// <summary>Answers.</summary>
    public static async Task<CommandResult> AnswerAsync(IServiceProvider services, string[] args)
    {
        if (args is not [Name])
            return new CommandResult(ServiceCommand.ExitUsage, Usage);
        // The backup may be of an older version.
        await MigrationRunner.RunAsync(services.GetRequiredService<DatabaseOf<BuilderDbContext>>().Settings, typeof(BuilderDbContext).Assembly, CancellationToken.None);
        var payouts = await services.GetRequiredService<Recovery>().RunAsync(CancellationToken.None);
        return new CommandResult(0, string.Create(CultureInfo.InvariantCulture, $"{payouts} payouts are looked at anew when the service starts; numbers of channels are read from the ledger first\n"));
    }
}
