using System.Globalization;
using System.Text;
using Payouts.Hosting.Web;

namespace Payouts.Rounds.Announcing;

/// <summary>"payouts-rounds announce --since 2026-07-01T12:00:00Z" or "--round R": says once more what is owed. The running service sends it.</summary>
internal static class AnnounceCommand
{
    /// <summary>The first argument.</summary>
    public const string Name = "announce";

    private const string Usage = "usage: payouts-rounds announce --since YYYY-MM-DDTHH:MM:SSZ | --round ROUND";

    /// <summary>Answers.</summary>
    public static async Task<CommandResult> AnswerAsync(IServiceProvider services, string[] args)
    {
        var announcer = services.GetRequiredService<Announcer>();
        switch (args)
        {
            case [Name, "--since", var text] when DateTimeOffset.TryParseExact(
                text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since):
                return Result(await announcer.SinceAsync(since, CancellationToken.None));
            case [Name, "--round", var round]:
                return await announcer.RoundAsync(round, CancellationToken.None) is var announced and not { Rounds: 0, LeftOut.Count: 0 }
                    ? Result(announced)
                    : new CommandResult(ServiceCommand.ExitUnavailable, $"there is no round \"{round}\" with debts");
            default:
                return new CommandResult(ServiceCommand.ExitUsage, Usage);
        }
    }

    private static CommandResult Result(Announced announced)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"announced again: {announced.Rounds} rounds, {announced.Direct} direct payouts\n");
        foreach (var debt in announced.LeftOut)
            text.Append(CultureInfo.InvariantCulture, $"LEFT OUT {debt.RoundId}: {debt.Amount} {debt.Currency} to {debt.Winner} was {debt.Outcome}\n");
        return new CommandResult(0, text.ToString());
    }
}
