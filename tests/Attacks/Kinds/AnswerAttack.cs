using System.Net;
using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Tests.Support;

namespace Payouts.Tests.Attacks;

/// <summary>An answer to a request: what is sent, and for which.</summary>
internal sealed record Given(Guid RequestId, Answer Answer)
{
    /// <summary>Puts away what was prepared for it.</summary>
    public Func<Task> AfterAsync { get; init; } = () => Task.CompletedTask;

    public SigningCompleted Message => new() { RequestId = RequestId, TransactionHash = Answer.TransactionHash, SignedXdr = Answer.SignedXdr, Signatures = Answer.Signatures };

    public static Given Of(SigningCompleted message) => new(message.RequestId, new Answer { TransactionHash = message.TransactionHash, Signatures = message.Signatures });
}

/// <summary>An answer that is refused, by message or over HTTP.</summary>
/// <param name="Name">What he answers.</param>
/// <param name="Problem">Why it is refused.</param>
/// <param name="MakeAsync">Makes the answer; what it needs besides the victim is asked for before anything is counted.</param>
internal sealed record AnswerAttack(string Name, AnswerProblem Problem, Func<Scene, Victim, Task<Given>> MakeAsync) : Attack(Holder.Signer, Name, Problem.ToString())
{
    public override IReadOnlyList<Way> Ways => [Way.RabbitMq, Way.Http];

    public override string Seen => $"dead letter {Problem}, or {(int)Status} with that code; `signer_answers_total{{outcome=\"{Problem}\"}}`; a warning";

    private HttpStatusCode Status => Problem switch
    {
        AnswerProblem.RequestUnknown => HttpStatusCode.NotFound,
        AnswerProblem.RequestNotAsked => HttpStatusCode.Conflict,
        _ => HttpStatusCode.UnprocessableEntity,
    };

    public static AnswerAttack Of(WrongAnswer wrong) =>
        new(wrong.Name, wrong.Problem, (_, victim) => Task.FromResult(new Given(victim.Request.RequestId, wrong.Make(victim.At, victim.Asked))));

    public override async Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var given = await MakeAsync(scene, victim);
        var counted = new Dictionary<string, double> { [Counters.Answer(Problem.ToString())] = 1, [way == Way.Http ? Counters.RefusedCalls : Counters.Letters] = 1 };
        return new Blow(way switch
        {
            Way.Http => () => scene.PostAsync($"sign-requests/{given.RequestId}/signatures", BrokerUser.Json(given.Answer), Status, Problem.ToString()),
            _ => () => scene.LetterAsync("kms", "SigningCompleted", BrokerUser.Json(given.Message), Problem.ToString(), "payout-signer.signing-completed"),
        })
        {
            Counted = counted,
            Logged = $"request {given.RequestId}: answer refused: {Problem}: ",
            AfterAsync = given.AfterAsync,
        };
    }
}

/// <summary>A rejection that is refused.</summary>
internal sealed record RejectionAttack(string Name, AnswerProblem Problem, Func<Scene, Task<(Guid RequestId, Func<Task> AfterAsync)>> MakeAsync) : Attack(Holder.Signer, Name, Problem.ToString())
{
    public override IReadOnlyList<Way> Ways => [Way.RabbitMq, Way.Http];

    public override string Seen => $"dead letter {Problem}, or {(Problem == AnswerProblem.RequestUnknown ? 404 : 409)} with that code; `signer_answers_total{{outcome=\"{Problem}\"}}`; a warning";

    public override async Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var (requestId, afterAsync) = await MakeAsync(scene);
        var status = Problem == AnswerProblem.RequestUnknown ? HttpStatusCode.NotFound : HttpStatusCode.Conflict;
        return new Blow(way switch
        {
            Way.Http => () => scene.PostAsync($"sign-requests/{requestId}/rejection", BrokerUser.Json(new Rejection { Reason = "no" }), status, Problem.ToString()),
            _ => () => scene.LetterAsync("kms", "SigningRejected", BrokerUser.Json(new SigningRejected { RequestId = requestId, Reason = "no" }), Problem.ToString(), "payout-signer.signing-rejected"),
        })
        {
            Counted = new Dictionary<string, double> { [Counters.Answer(Problem.ToString())] = 1, [way == Way.Http ? Counters.RefusedCalls : Counters.Letters] = 1 },
            Logged = $"request {requestId}: answer refused: {Problem}: ",
            AfterAsync = afterAsync,
        };
    }
}

/// <summary>A word about a request that has ended: nothing is refused, and nothing happens.</summary>
internal sealed record LateAttack(string Name, Func<Scene, Task<(string Contract, Guid RequestId, object Message, object Body)>> MakeAsync) : Attack(Holder.Signer, Name, "Unchanged")
{
    public override IReadOnlyList<Way> Ways => [Way.RabbitMq, Way.Http];

    public override string Seen => "`\"changed\": false` over HTTP; `signer_answers_total{outcome=\"Unchanged\"}`";

    public override async Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var (contract, requestId, message, body) = await MakeAsync(scene);
        var path = $"sign-requests/{requestId}/{(contract == nameof(SigningCompleted) ? "signatures" : "rejection")}";
        return new Blow(way == Way.Http ? () => scene.PostUnchangedAsync(path, BrokerUser.Json(body)) : () => scene.SayAsync("kms", message))
        {
            Counted = new Dictionary<string, double> { [Counters.Answer("Unchanged")] = 1 },
        };
    }
}
