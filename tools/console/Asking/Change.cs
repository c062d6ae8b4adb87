using System.CommandLine;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Doors;

namespace Payouts.OperatorConsole.Asking;

/// <summary>Sends what changes something: under a key that is told before it is sent, so that a request without an answer can be repeated.</summary>
internal static class Change
{
    /// <summary>The service's answer.</summary>
    /// <exception cref="CommandException">No answer, or a refusal.</exception>
    public static async Task<JsonNode?> SendAsync(
        Session session, ParseResult parsed, SharedOptions shared, Endpoint endpoint, IReadOnlyList<string> names, JsonObject? body, CancellationToken cancellationToken)
    {
        var own = parsed.GetValue(shared.Key);
        var key = own ?? $"console-{Guid.NewGuid()}";
        if (own is null && !session.Style.Quiet && !session.Style.Json)
            session.Note($"Idempotency-Key: {key}");
        try
        {
            return await session.Doors.PostAsync(endpoint, names, new Query(), body, key, cancellationToken);
        }
        catch (CommandException silent) when (silent.ExitCode == ExitCodes.NoAnswer)
        {
            throw new CommandException(ExitCodes.NoAnswer, $"{silent.Message}; whether it was taken is not known: the same again with --idempotency-key {key} is harmless");
        }
    }

    /// <summary>A decision's body: why, and who where the key does not say it.</summary>
    public static JsonObject Decision(Session session, ParseResult parsed, SharedOptions shared)
    {
        var body = new JsonObject { ["reason"] = parsed.GetValue(shared.Reason) };
        if ((parsed.GetValue(shared.By) ?? (session.KeyIsNamed ? null : Environment.UserName)) is { } by)
            body["by"] = by;
        return body;
    }

    /// <summary>Asks on the error output, so that the answer on the other stays clean.</summary>
    /// <exception cref="CommandException">Not yes.</exception>
    public static async Task ConfirmAsync(Session session, ParseResult parsed, SharedOptions shared, string question, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(shared.Yes))
            return;
        await session.Terminal.Error.WriteAsync($"{question} [y/N] ");
        var answer = await session.Terminal.Input.ReadLineAsync(cancellationToken);
        if (answer is null)
            await session.Terminal.Error.WriteLineAsync();
        if (answer?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            throw new CommandException(ExitCodes.Wrong, "nothing was sent");
    }
}
