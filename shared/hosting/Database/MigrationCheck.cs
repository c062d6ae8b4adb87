using Payouts.Hosting.Web;

namespace Payouts.Hosting.Database;

/// <summary>Migrates before anything of the service starts.</summary>
internal sealed class MigrationCheck<TDb>(DatabaseOf<TDb> database) : IStartCheck
    where TDb : ServiceDbContext
{
    /// <exception cref="StartFailedException">The database does not answer, refuses, or is not what this version needs.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrationRunner.RunAsync(database.Settings, typeof(TDb).Assembly, cancellationToken);
        }
        catch (Exception failure) when (DatabaseFailure.LineOf(failure) is { } line)
        {
            throw new StartFailedException(line, failure);
        }
        catch (InvalidOperationException unfit)
        {
            throw new StartFailedException(unfit.Message, unfit);
        }
    }
}
