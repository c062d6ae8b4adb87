using Payouts.Hosting.Web;

namespace Payouts.Hosting.Access;

/// <summary>"api-key new --name ana --roles read,operate": makes a key, and the line of HTTP_API_KEYS_FILE for it. Needs no settings.</summary>
public static class ApiKeyCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "api-key";

    private const string Usage = "write: api-key new --name NAME --roles ROLE,ROLE";

    /// <summary>Answers with the key on the first line, which is shown once, and the file's line on the second.</summary>
    public static CommandResult Answer(IReadOnlyList<string> arguments)
    {
        if (arguments is not [Name, "new", "--name", var name, "--roles", var list])
            return new CommandResult(ServiceCommand.ExitUsage, Usage);
        if (!ApiKeyFile.IsName(name))
            return new CommandResult(ServiceCommand.ExitUsage, $"a name has 1 to 64 letters, digits and . _ @ -; {Usage}");
        if (ApiKeyFile.RolesOf(list) is not { } roles)
            return new CommandResult(ServiceCommand.ExitUsage, $"the roles are {string.Join(", ", AccessRole.All.Order(StringComparer.Ordinal))}; {Usage}");
        var key = ApiKey.New();
        return new CommandResult(0, $"{key}{Environment.NewLine}{ApiKeyFile.LineOf(name, roles, key)}{Environment.NewLine}");
    }
}
