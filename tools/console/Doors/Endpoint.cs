using System.Reflection;

namespace Payouts.OperatorConsole.Doors;

/// <summary>A door that the console knocks at, as docs/security.md lists it.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Roles">Any of them is let in, comma separated; "open": everybody.</param>
internal sealed record Endpoint(Service Service, HttpMethod Method, string Path, string Roles)
{
    public override string ToString() => $"{Method} {Path} at {Service.Name()}";
}

/// <summary>Every door that the console knocks at.</summary>
internal static class Endpoints
{
    public static readonly Endpoint Rounds = Get(Service.Rounds, "/rounds", "read, game");
    public static readonly Endpoint Round = Get(Service.Rounds, "/rounds/{id}", "read, game");
    public static readonly Endpoint RoundPayouts = Get(Service.Rounds, "/rounds/{id}/payouts", "read, game");
    public static readonly Endpoint RoundEntries = Get(Service.Rounds, "/rounds/{id}/entries", "read, game");
    public static readonly Endpoint RoundTrail = Get(Service.Rounds, "/rounds/{id}/trail", "read");
    public static readonly Endpoint RoundVerification = Get(Service.Rounds, "/rounds/{id}/verification", "read");
    public static readonly Endpoint DrawRound = Post(Service.Rounds, "/rounds/{id}/draw", "admin");
    public static readonly Endpoint CancelRound = Post(Service.Rounds, "/rounds/{id}/cancel", "operate");
    public static readonly Endpoint OrderDirect = Post(Service.Rounds, "/payouts", "operate");
    public static readonly Endpoint DirectPayouts = Get(Service.Rounds, "/direct-payouts", "read, game");
    public static readonly Endpoint DirectPayout = Get(Service.Rounds, "/direct-payouts/{reference}", "read, game");
    public static readonly Endpoint Payouts = Get(Service.PayoutBuilder, "/payouts", "read");
    public static readonly Endpoint Payout = Get(Service.PayoutBuilder, "/payouts/{id}", "read");
    public static readonly Endpoint Hold = Post(Service.PayoutBuilder, "/payouts/{id}/hold", "operate");
    public static readonly Endpoint Release = Post(Service.PayoutBuilder, "/payouts/{id}/release", "operate");
    public static readonly Endpoint Retry = Post(Service.PayoutBuilder, "/payouts/{id}/retry", "operate");
    public static readonly Endpoint Verify = Post(Service.PayoutBuilder, "/payouts/{id}/verify", "operate");
    public static readonly Endpoint Cancel = Post(Service.PayoutBuilder, "/payouts/{id}/cancel", "operate");
    public static readonly Endpoint WriteOff = Post(Service.PayoutBuilder, "/payouts/{id}/write-off", "operate");
    public static readonly Endpoint Decisions = Get(Service.PayoutBuilder, "/decisions", "read");
    public static readonly Endpoint Decision = Get(Service.PayoutBuilder, "/decisions/{id}", "read");
    public static readonly Endpoint ApproveDecision = Post(Service.PayoutBuilder, "/decisions/{id}/approve", "approve");
    public static readonly Endpoint WithdrawDecision = Post(Service.PayoutBuilder, "/decisions/{id}/withdraw", "operate, approve");
    public static readonly Endpoint Channels = Get(Service.PayoutBuilder, "/channels", "read");
    public static readonly Endpoint Reconciliation = Get(Service.PayoutBuilder, "/reconciliation", "read");
    public static readonly Endpoint ReconciledRound = Get(Service.PayoutBuilder, "/reconciliation/rounds/{roundId}", "read");
    public static readonly Endpoint ReconciledDay = Get(Service.PayoutBuilder, "/reconciliation/days/{day}", "read");
    public static readonly Endpoint SignRequests = Get(Service.PayoutSigner, "/sign-requests", "read, signer");
    public static readonly Endpoint SignRequest = Get(Service.PayoutSigner, "/sign-requests/{id}", "read, signer");
    public static readonly Endpoint ApproveSigning = Post(Service.PayoutSigner, "/sign-requests/{id}/approve", "approve");
    public static readonly Endpoint PolicyDecisions = Get(Service.PayoutSigner, "/policy/decisions", "read");
    public static readonly Endpoint Submissions = Get(Service.PayoutSubmitter, "/submissions", "read");

    /// <summary>Each once; what every service has, of every service.</summary>
    public static IReadOnlyList<Endpoint> All { get; } =
    [
        .. typeof(Endpoints).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (Endpoint)field.GetValue(null)!),
        .. Services.All.SelectMany(service => new[] { Live(service), Ready(service), Metrics(service), About(service), DeadLetters(service), DeadLetter(service), Replay(service) }),
    ];

    public static Endpoint Live(Service service) => Get(service, "/health/live", "open");

    public static Endpoint Ready(Service service) => Get(service, "/health/ready", "open");

    public static Endpoint Metrics(Service service) => Get(service, "/metrics", "open");

    public static Endpoint About(Service service) => Get(service, "/", "read");

    public static Endpoint DeadLetters(Service service) => Get(service, $"/{service.Name()}/dead-letters", OrGame(service, "read"));

    public static Endpoint DeadLetter(Service service) => Get(service, $"/{service.Name()}/dead-letters/{{id}}", OrGame(service, "read"));

    public static Endpoint Replay(Service service) => Post(service, $"/{service.Name()}/dead-letters/{{id}}/replay", OrGame(service, "operate"));

    private static string OrGame(Service service, string role) => service == Service.Rounds ? $"{role}, game" : role;

    private static Endpoint Get(Service service, string path, string roles) => new(service, HttpMethod.Get, path, roles);

    private static Endpoint Post(Service service, string path, string roles) => new(service, HttpMethod.Post, path, roles);
}
