using System.Net.Http.Headers;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Signer.Configuration;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Access;

namespace Payouts.Tests.Attacks;

/// <summary>
/// payout-signer on a real broker with the users and rights of an installation, on a real PostgreSQL, behind an HTTP door with keys and tokens;
/// and, for what only shows at a door, all four services behind one. Started once: each attack is tried on a payout of its own.
/// </summary>
public sealed class Scene(Servers servers) : IAsyncLifetime
{
    private const uint FirstRound = 1000;

    private readonly Dictionary<string, BrokerUser> _users = new(StringComparer.Ordinal);
    private Folder _folder = null!;
    private Door? _door;
    private uint _rounds = FirstRound;

    internal TokenIssuer Issuer { get; } = new();

    /// <summary>A key of each role.</summary>
    internal IReadOnlyDictionary<string, string> Keys { get; } = AccessRole.All.ToDictionary(role => role, _ => ApiKey.New());

    internal SignerHost Host { get; private set; } = null!;

    internal TestVirtualHost Broker { get; private set; } = null!;

    /// <summary>The broker's URL for each user of deploy/rabbitmq/definitions.json.</summary>
    internal IReadOnlyDictionary<string, string> BrokerUsers { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        _folder = new Folder();
        Broker = await servers.CreateVirtualHostAsync("attacks");
        BrokerUsers = await Broker.DefineAsync(BrokerDefinitions.Load());
        Host = await StartAsync(Broker, options: null);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users.Values)
            await user.DisposeAsync();
        if (_door is not null)
            await _door.DisposeAsync();
        if (Host is not null)
            await Host.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>An installation whose orders are of a round that nobody else has.</summary>
    internal Installation NextRound() => new() { Round = Interlocked.Increment(ref _rounds) };

    /// <summary>Speaks as a broker user.</summary>
    internal async Task<BrokerUser> AsAsync(string user)
    {
        if (!_users.TryGetValue(user, out var known))
            _users[user] = known = await BrokerUser.ConnectAsync(BrokerUsers[user]);
        return known;
    }

    /// <summary>Sends a contract's message as the service, game or signer to whom it belongs.</summary>
    internal async Task SayAsync(string user, object message, Guid? messageId = null) =>
        await (await AsAsync(user)).PublishAsync(message.GetType().Name, BrokerUser.Json(message), messageId ?? Guid.NewGuid());

    /// <summary>A client of payout-signer with what it shows at the door; null: nothing.</summary>
    internal HttpClient Client(string? credential)
    {
        var client = new HttpClient { BaseAddress = Host.Http.BaseAddress };
        if (credential is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        return client;
    }

    /// <summary>The four services behind their door.</summary>
    internal async Task<Door> OpenDoorAsync() => _door ??= await Door.OpenAsync(AccessTo(_folder), stop: CancellationToken.None);

    internal async Task<Counters> CountAsync(CancellationToken cancellationToken) => Counters.Of(await Host.Http.GetStringAsync("metrics", cancellationToken));

    /// <summary>Another payout-signer, with other bounds, on a broker and a database of its own.</summary>
    internal async Task<SignerHost> StartAnotherAsync(SignerOptions options) => await StartAsync(await servers.CreateVirtualHostAsync("attacks"), options);

    private async Task<SignerHost> StartAsync(TestVirtualHost broker, SignerOptions? options)
    {
        var database = await servers.CreateDatabaseAsync("attacks");
        return await SignerHost.StartAsync(new Installation(), settings =>
        {
            settings["DATABASE_URL"] = database.Url;
            settings["RABBITMQ_URL"] = broker.Url;
            settings["PAYOUT_FEE_ACCOUNT"] = KeyDerivation.Derive(Convert.FromHexString(Installation.ChannelSecretHex), ChannelKeys.FeeKeyNumber).AccountId.ToString();
            foreach (var (name, value) in AccessTo(_folder))
                settings[name] = value;
        }, options);
    }

    private Dictionary<string, string?> AccessTo(Folder folder) => new()
    {
        ["HTTP_API_KEYS_FILE"] = folder.Write("keys", string.Join('\n', Keys.Select(pair => ApiKeyFile.LineOf($"{pair.Key}-caller", [pair.Key], pair.Value)))),
        ["HTTP_JWT_JWKS_FILE"] = folder.Write("jwks.json", TokenIssuer.KeySet(Issuer)),
        ["HTTP_JWT_ISSUER"] = TokenIssuer.Issuer,
        ["HTTP_JWT_AUDIENCE"] = TokenIssuer.Audience,
    };
}
