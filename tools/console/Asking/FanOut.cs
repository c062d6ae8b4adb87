using Payouts.OperatorConsole.Doors;

namespace Payouts.OperatorConsole.Asking;

/// <summary>What one of several services answered, or why it did not.</summary>
internal sealed record Fanned<T>(Service Service, T? Value, CommandException? Failure);

/// <summary>Asks several services at once: one that is down hides nothing of the others.</summary>
internal static class FanOut
{
    public static async Task<IReadOnlyList<Fanned<T>>> AskAsync<T>(IEnumerable<Service> services, Func<Service, Task<T>> ask) => await Task.WhenAll(services.Select(async service =>
    {
        try
        {
            return new Fanned<T>(service, await ask(service), null);
        }
        catch (CommandException failure)
        {
            return new Fanned<T>(service, default, failure);
        }
    }));

    /// <summary>Says who did not answer; the exit code of the worst.</summary>
    public static int Code<T>(Session session, IReadOnlyList<Fanned<T>> answers)
    {
        foreach (var failure in answers.Select(x => x.Failure).OfType<CommandException>())
            session.Note(failure.Message);
        return answers.Max(x => x.Failure?.ExitCode ?? ExitCodes.Done);
    }
}
