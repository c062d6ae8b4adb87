using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Commands;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Status;

/// <summary>One service's health.</summary>
internal sealed record ServiceHealth(Service Service, Uri Address, bool IsLive, bool IsReady, string? Version, IReadOnlyList<string> NotReady);

/// <summary>Everything on the one screen, and what of it is wrong. What could not be asked is null: it is not known, and not none.</summary>
internal sealed record StatusReport(
    IReadOnlyList<ServiceHealth> Services, IReadOnlyList<(string State, long Count, double OldestSeconds)> States, IReadOnlyList<(Service Service, int? Count)> DeadLetters, int? OpenDecisions, int? WaitingSignatures, int? HeldRequests,
    JsonNode? Books, IReadOnlyList<string> Wrong, IReadOnlyList<string> NotAsked)
{
    private const int CountMax = 200;
    private const long LagLedgersMax = 60;

    /// <summary>Nobody answered anything.</summary>
    public bool IsSilent => Services.All(x => !x.IsLive);

    public static async Task<StatusReport> ReadAsync(ServiceDoors doors, CancellationToken cancellationToken)
    {
        var notAsked = new List<string>();
        var services = await Task.WhenAll(Doors.Services.All.Select(service => HealthAsync(doors, service, cancellationToken)));
        var alive = services.Where(x => x.IsLive).Select(x => x.Service).ToHashSet();

        // What cannot be read for want of a role is said, and is no reason to hide the rest.
        async Task<T?> Try<T>(Endpoint endpoint, Func<Task<T>> ask)
        {
            if (!alive.Contains(endpoint.Service))
                return default;
            try
            {
                return await ask();
            }
            catch (CommandException failure)
            {
                lock (notAsked)
                    notAsked.Add($"{endpoint.Path}: {failure.Message}");
                return default;
            }
        }

        async Task<int?> Count(Endpoint endpoint, Query query) =>
            (await Try(endpoint, async () => (await doors.GetAsync(endpoint, [], query.With("limit", CountMax), cancellationToken)).Elements()))?.Count;

        var metrics = Try(Endpoints.Metrics(Service.PayoutBuilder), () => doors.TextAsync(Endpoints.Metrics(Service.PayoutBuilder), cancellationToken));
        var letters = Task.WhenAll(Doors.Services.All.Select(async service => (Service: service, Count: await Count(Endpoints.DeadLetters(service), new Query()))));
        var open = Count(Endpoints.Decisions, new Query().With("open", "true"));
        var waiting = Count(Endpoints.SignRequests, new Query().With("state", "waiting"));
        var held = Count(Endpoints.SignRequests, new Query().With("state", "held"));
        var books = Try(Endpoints.Reconciliation, () => doors.GetAsync(Endpoints.Reconciliation, [], new Query().With("limit", 1), cancellationToken));
        var text = await metrics ?? "";
        var oldest = Gauges.Read(text, "payout_oldest_in_state_seconds").ToLookup(x => x.Label, x => x.Value, StringComparer.Ordinal);
        var states = Gauges.Read(text, "payouts_in_state").Select(x => (x.Label, (long)x.Value, oldest[x.Label].FirstOrDefault())).ToList();
        var report = new StatusReport(services, states, await letters, await open, await waiting, await held, await books, [], notAsked);
        return report with { Wrong = [.. report.Judge(alive.Contains(Service.PayoutBuilder))] };
    }

    public JsonObject ToJson() => new()
    {
        ["ok"] = Wrong.Count == 0,
        ["services"] = new JsonArray([.. Services.Select(x => new JsonObject
        {
            ["service"] = x.Service.Name(), ["address"] = x.Address.GetLeftPart(UriPartial.Authority), ["live"] = x.IsLive, ["ready"] = x.IsReady, ["version"] = x.Version,
            ["notReady"] = new JsonArray([.. x.NotReady.Select(y => JsonValue.Create(y))]),
        })]),
        ["payouts"] = new JsonArray([.. States.Select(x => new JsonObject { ["state"] = x.State, ["count"] = x.Count, ["oldestSeconds"] = (long)x.OldestSeconds })]),
        ["deadLetters"] = new JsonObject(DeadLetters.Select(x => KeyValuePair.Create(x.Service.Name(), (JsonNode?)x.Count))),
        ["openDecisions"] = OpenDecisions,
        ["waitingSignatures"] = WaitingSignatures,
        ["heldRequests"] = HeldRequests,
        ["reconciliation"] = Books is null ? null : new JsonObject
        {
            ["ledger"] = Books.At("ledger")?.DeepClone(),
            ["lagLedgers"] = Books.At("lagLedgers")?.DeepClone(),
            ["readAt"] = Books.At("readAt")?.DeepClone(),
            ["findings"] = Books.List("open").Sum(x => x.Number("count")),
        },
        ["wrong"] = new JsonArray([.. Wrong.Select(x => JsonValue.Create(x))]),
        ["notAsked"] = new JsonArray([.. NotAsked.Select(x => JsonValue.Create(x))]),
    };

    /// <summary>A count of rows that were asked for up to a bound.</summary>
    public static string AtLeast(int? count) => count is not { } known ? "not known" : known < CountMax ? known.ToString(CultureInfo.InvariantCulture) : $"{CountMax} or more";

    private IEnumerable<string> Judge(bool hasBooks)
    {
        foreach (var service in Services.Where(x => !x.IsReady))
            yield return $"{service.Service.Name()} is {(service.IsLive ? "not ready" : "not there")}: {string.Join("; ", service.NotReady)}";
        foreach (var (state, count, _) in States.Where(x => x.State is "OnHold" or "Failed" && x.Count > 0))
            yield return $"payouts {state}: {count}, a human decides (payouts list --state {state})";
        foreach (var (service, count) in DeadLetters.Where(x => x.Count > 0))
            yield return $"dead letters at {service.Name()}: {AtLeast(count)} (dead-letters list --service {service.Name()})";
        if (Books is not null && ReconcileCommands.Problem(Books) is { } problem)
            yield return $"the books are not right: {problem} (reconcile)";
        if (Books.Number("lagLedgers") is > LagLedgersMax and var lag)
            yield return $"the books are {lag} ledgers behind the network";
        if (hasBooks && States.Count == 0)
            yield return "payout-builder counts no payouts yet";
        foreach (var refusal in NotAsked)
            yield return $"not known: {refusal}";
    }

    private static async Task<ServiceHealth> HealthAsync(ServiceDoors doors, Service service, CancellationToken cancellationToken)
    {
        var address = doors.AddressOf(service);
        try
        {
            var (isLive, _) = await doors.HealthAsync(Endpoints.Live(service), cancellationToken);
            var (isReady, body) = await doors.HealthAsync(Endpoints.Ready(service), cancellationToken);
            return new ServiceHealth(service, address, isLive, isReady, await VersionAsync(doors, service, cancellationToken), isReady ? [] : [.. Reasons(body)]);
        }
        catch (CommandException silent)
        {
            return new ServiceHealth(service, address, false, false, null, [silent.Message]);
        }
    }

    private static async Task<string?> VersionAsync(ServiceDoors doors, Service service, CancellationToken cancellationToken)
    {
        try
        {
            return (await doors.GetAsync(Endpoints.About(service), [], new Query(), cancellationToken)).Raw("version") is { } version ? Plain.Line(version) : null;
        }
        catch (RefusedException)
        {
            // Health is open to everybody, the version is not: without the role read it stays unknown.
            return null;
        }
    }

    private static IEnumerable<string> Reasons(string body)
    {
        JsonNode? answer;
        try
        {
            answer = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            // Something in front of the service answers for it.
            answer = null;
        }

        return answer.At("checks") is JsonObject checks
            ? checks.Where(x => x.Value.Text("status") != "Healthy").Select(x => $"{Plain.Line(x.Key)}: {x.Value.Text("description")}")
            : ["its answer says no more"];
    }
}
