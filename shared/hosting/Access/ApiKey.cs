using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Payouts.Hosting.Access;

/// <summary>
/// A key that a program or a person calls with: 256 random bits. Nobody guesses such a key from its hash, so one SHA-256 keeps it and no slow
/// hash is needed; that holds for random keys only, so a shorter or home-made one is never taken.
/// </summary>
public static partial class ApiKey
{
    /// <summary>By this a key is recognised, by us and by those who search repositories for forgotten ones.</summary>
    public const string Prefix = "payouts_";

    private const int RandomBytes = 32;

    /// <summary>A new key.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What the file keeps of a key: lowercase hex.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>True for the text of a key of full length.</summary>
    public static bool IsOne(string text) => Shape().IsMatch(text);

    [GeneratedRegex(@"^payouts_[A-Za-z0-9_-]{43}\z")]
    private static partial Regex Shape();
}

/// <summary>A line of the keys' file.</summary>
/// <param name="Name">Who calls with it. Decisions are recorded under this name.</param>
/// <param name="Roles">What it may do.</param>
public sealed record ApiKeyHolder(string Name, IReadOnlyList<string> Roles);

/// <summary>The keys' file: <c>NAME ROLE,ROLE sha256:HASH</c>, one key a line; # begins a comment. Two lines of one name are two keys of one caller.</summary>
public sealed partial class ApiKeyFile
{
    private const string HashPrefix = "sha256:";
    private readonly FrozenDictionary<string, ApiKeyHolder> _holders;

    private ApiKeyFile(FrozenDictionary<string, ApiKeyHolder> holders) => _holders = holders;

    /// <summary>How many keys there are.</summary>
    public int Count => _holders.Count;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">Names the line, and never repeats it: somebody may have written a key there.</exception>
    public static ApiKeyFile Parse(byte[] content)
    {
        var holders = new Dictionary<string, ApiKeyHolder>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [var name, var roles, var hash] || !IsName(name)
                || RolesOf(roles) is not { } granted || !Hash().IsMatch(hash))
                throw new FormatException($"line {number} is not NAME ROLE,ROLE {HashPrefix}HASH, as \"api-key new\" prints it");
            if (!holders.TryAdd(hash[HashPrefix.Length..], new ApiKeyHolder(name, granted)))
                throw new FormatException($"line {number} is the key of an earlier line");
        }

        return new ApiKeyFile(holders.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The line of a key.</summary>
    public static string LineOf(string name, IReadOnlyList<string> roles, string key) => $"{name} {string.Join(',', roles)} {HashPrefix}{ApiKey.HashOf(key)}";

    /// <summary>True for a name that a line can hold: 1 to 64 letters, digits, and . _ @ -</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>The roles of a comma separated list; null when one is none.</summary>
    public static IReadOnlyList<string>? RolesOf(string text)
    {
        var roles = text.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
        return roles.TrueForAll(AccessRole.All.Contains) ? roles : null;
    }

    /// <summary>Whose key it is; null: nobody's. The table is asked for a hash, so the time of the answer says nothing about the keys in it.</summary>
    public ApiKeyHolder? Find(string key) => ApiKey.IsOne(key) ? _holders.GetValueOrDefault(ApiKey.HashOf(key)) : null;

    [GeneratedRegex(@"^[A-Za-z0-9._@-]{1,64}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex Hash();
}
