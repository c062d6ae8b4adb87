using System.Collections.Concurrent;
using System.Text;
using Payouts.Hosting.Access;
using Payouts.Stellar;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Secrets;

/// <summary>Collects all that a run of the suite says: lines, metrics, messages, dead letters, answers over HTTP; and searches it.</summary>
internal sealed class EvidenceRoom : IDisposable
{
    private static readonly string[] Schemas = ["rounds", "payout_builder", "payout_signer", "payout_submitter"];

    /// <summary>Why the liar's answers are put aside.</summary>
    private static readonly string[] Refused = [Chosen.Authorizes ? "NotAnEnvelope" : "SignatureMissing", "ExtraSignature", "RequestUnknown", "BodyUnreadable"];

    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _lines = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Evidence> _pages = new();
    private readonly string _keysFile = Path.GetTempFileName();
    private SuiteProcesses _suite = null!;
    private BrokerTap _tap = null!;
    private int _metricsBeforeKills;

    public EvidenceRoom() => File.WriteAllText(_keysFile, $"everybody admin sha256:{ApiKeyHash(Key)}\n");

    /// <summary>The HTTP key of the run.</summary>
    public string Key { get; } = $"payouts_{Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";

    public Liar Liar { get; private set; } = null!;

    /// <summary>Settings for every process, so that there is an HTTP key to look for.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["HTTP_API_KEYS_FILE"] = _keysFile };

    /// <summary>What there is to search, for the report.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Hears a line.</summary>
    public void Hear(string process, string line) => _lines.GetOrAdd(process, _ => new ConcurrentQueue<string>()).Enqueue(line);

    /// <summary>Begins, as soon as every process is ready.</summary>
    public async Task OpenAsync(SuiteProcesses suite, CancellationToken cancellationToken)
    {
        _suite = suite;
        _tap = await BrokerTap.OpenAsync(suite.Broker, cancellationToken);
        Liar = new Liar(suite, Key);
        await Liar.ListenAsync(cancellationToken);
    }

    /// <summary>Has the liar speak before the honest signer, about the requests of what is played.</summary>
    public async Task LieFirstAsync(Action play, CancellationToken cancellationToken)
    {
        foreach (var honest in _suite.ReplicasOf("local-signer"))
            honest.Pause();
        play();
        await Probe.Until("the liar is heard about open requests", Liar.TryLieAsync, heard => heard, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1), cancellationToken);
        await Probe.Until("its lies are put aside", token => _suite.Database.ReadAsync<long>("select count(distinct reason) from payout_signer.dead_letters", token), count => count >= Refused.Length, cancellationToken: cancellationToken);
        foreach (var honest in _suite.ReplicasOf("local-signer"))
            honest.Resume();
    }

    /// <summary>Keeps the metrics of a process that is about to be killed; one that does not answer has none.</summary>
    public async Task BeforeKillAsync(string process, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await KeepMetricsAsync(process, patience.Token);
            Interlocked.Increment(ref _metricsBeforeKills);
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Hear("the run itself", $"{process} showed no metrics before it was killed");
        }
    }

    /// <summary>Searches everything; returns what was found where it must not be.</summary>
    public async Task<IReadOnlyList<string>> SearchAsync(CancellationToken cancellationToken)
    {
        foreach (var process in _suite.Services.Keys)
        {
            // The last one that was killed may still be starting: the others have paid meanwhile.
            await _suite[process].WaitUntilReadyAsync(cancellationToken);
            await KeepMetricsAsync(process, cancellationToken);
        }

        var messages = await _tap.DrainAsync(cancellationToken);
        var letters = await LettersAsync(cancellationToken);
        var signatures = messages.SelectMany(x => BrokerTap.SignaturesIn(x.Body)).Concat(Liar.Signatures).DistinctBy(Convert.ToHexString).ToList();
        // Each line by itself is in the whole, and what was broken over lines is only there.
        List<Evidence> evidence =
        [
            .. _lines.Select(x => new Evidence($"the output of {x.Key}", Encoding.UTF8.GetBytes(string.Join('\n', x.Value)))),
            .. _pages, .. Liar.Told, .. letters,
            .. messages.Select(x => new Evidence($"a message {x.Contract}", x.Body, BrokerTap.MayCarrySignatures.Contains(x.Contract))),
            .. messages.Select(x => new Evidence($"the headers of a message {x.Contract}", Encoding.UTF8.GetBytes(x.Headers))),
        ];
        Summary = FormattableString.Invariant($"searched: {_lines.Values.Sum(x => x.Count)} lines, {_pages.Count} pages of metrics ({_metricsBeforeKills} before kills), {messages.Count} messages, {letters.Count} parts of dead letters, {Liar.Told.Count} answers over HTTP, for {Secrets().Count} secrets and {signatures.Count} signatures");
        ShouldBeWorthSearching(letters, signatures);
        var scanner = new SecretScanner(Secrets(), signatures);
        // It finds what it looks for, in what really was sent.
        scanner.Search(evidence.Where(x => x.MayCarrySignatures).Take(20).Select(x => x with { MayCarrySignatures = false })).ShouldNotBeEmpty();
        return [.. scanner.Search(evidence).Distinct().Order(StringComparer.Ordinal)];
    }

    public void Dispose() => File.Delete(_keysFile);

    private static string ApiKeyHash(string key) => ApiKey.HashOf(key);

    private void ShouldBeWorthSearching(List<Evidence> letters, List<byte[]> signatures)
    {
        foreach (var contract in BrokerTap.MayCarrySignatures.Except(["BumpFee", "FeeBumped", "SubmitBurn"]))
            _tap.Read.GetValueOrDefault(contract).ShouldBeGreaterThan(0, contract);
        _suite.Services.Keys.Where(process => !_lines.ContainsKey(process)).ShouldBeEmpty("each process has said something");
        _metricsBeforeKills.ShouldBeGreaterThan(0);
        // Lies about requests that were open, and what cannot be read.
        foreach (var reason in Refused)
            letters.ShouldContain(letter => Encoding.UTF8.GetString(letter.Content).StartsWith($"payout-signer.signing-completed {reason} ", StringComparison.Ordinal), reason);
        signatures.Count.ShouldBeGreaterThan(100);
        Liar.Told.Select(x => x.Where).Distinct().Count().ShouldBeGreaterThan(2, "refusals of several kinds");
    }

    private async Task KeepMetricsAsync(string process, CancellationToken cancellationToken) =>
        _pages.Enqueue(new Evidence($"the metrics of {process}", await _suite[process].Http.GetByteArrayAsync("metrics", cancellationToken)));

    private async Task<List<Evidence>> LettersAsync(CancellationToken cancellationToken)
    {
        var letters = new List<Evidence>();
        await using var connection = await _suite.Database.OpenAsync(cancellationToken);
        foreach (var schema in Schemas)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select coalesce(message_type, ''), queue || ' ' || reason || ' ' || detail, body from {schema}.dead_letters";
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var contract = rows.GetString(0).Split(':')[^1];
                letters.Add(new Evidence($"the reason of a dead letter of {schema}", Encoding.UTF8.GetBytes(rows.GetString(1))));
                // The letter is the message as it came: what may be in the one may be in the other.
                letters.Add(new Evidence($"a dead letter {contract} of {schema}", (byte[])rows[2], BrokerTap.MayCarrySignatures.Contains(contract)));
            }
        }

        return letters;
    }

    private List<Secret> Secrets()
    {
        static Secret Of(string name, KeyPair key) => new(name, key.ExportSecretSeed(), StrKey.Decode(StrKeyKind.SecretSeed, key.ExportSecretSeed()));
        return
        [
            Of("the payout source's key", SuiteKeys.PayoutSource), Of("the fee account's key", SuiteKeys.FeeAccount),
            .. Enumerable.Range(0, Runs.FaultySuite.Channels).Select(index => Of($"the key of channel {index}", SuiteKeys.Channel(index))),
            new Secret("the channel secret", Convert.ToHexStringLower(SuiteKeys.ChannelSecret), SuiteKeys.ChannelSecret),
            new Secret("the HTTP key", Key),
            new Secret("the database's password", _suite.Database.Password),
            .. _suite.BrokerUsers.Select(user => new Secret($"the broker's password of {user.Key}", Uri.UnescapeDataString(new Uri(user.Value).UserInfo.Split(':')[1]))),
        ];
    }
}
