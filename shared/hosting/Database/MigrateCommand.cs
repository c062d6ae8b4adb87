using Microsoft.Extensions.Configuration;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;

namespace Payouts.Hosting.Database;

/// <summary>
/// "payouts-rounds migrate --grant rounds": brings the service's schema to this version and ends, before any replica of it starts. It runs as the owner of the
/// database; the role that is granted may then read and write rows and change no table, so that the triggers that keep history hold against the service itself.
/// </summary>
public static class MigrateCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "migrate";

    private const string Usage = "write: migrate, or migrate --grant ROLE with the role that the service runs as";

    /// <summary>Needs DATABASE_URL alone.</summary>
    public static async Task<CommandResult> AnswerAsync(IServiceModule module, IReadOnlyList<string> arguments, IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (module.Schema is not { } schema)
            return new CommandResult(ServiceCommand.ExitUsage, "it keeps nothing in a database");
        if (arguments is not ([Name] or [Name, "--grant", _]))
            return new CommandResult(ServiceCommand.ExitUsage, Usage);
        try
        {
            var settings = new Settings(configuration);
            var database = settings.Parsed(SettingNames.DatabaseUrl, url => DatabaseSettings.Parse(url, schema), "where the service keeps its state");
            settings.ThrowIfWrong();
            await MigrationRunner.RunAsync(database, module.GetType().Assembly, cancellationToken);
            if (arguments is not [_, _, var role])
                return new CommandResult(0, $"schema {schema} is up to date{Environment.NewLine}");
            if (database.Provider != DatabaseProvider.Postgres)
                return new CommandResult(ServiceCommand.ExitUsage, "a SQLite file has no roles; leave --grant out");
            await RowRights.GrantAsync(database, role, cancellationToken);
            return new CommandResult(0, $"schema {schema} is up to date, {role} may read and write its rows{Environment.NewLine}");
        }
        catch (SettingsException wrong)
        {
            return new CommandResult(ServiceHost.ExitConfiguration, string.Join(Environment.NewLine, wrong.Problems));
        }
        catch (Exception failure) when (DatabaseFailure.LineOf(failure) is not null || failure is InvalidOperationException)
        {
            return new CommandResult(ServiceCommand.ExitUnavailable, DatabaseFailure.LineOf(failure) ?? failure.Message);
        }
    }
}
