using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Doors;

/// <summary>A service answered, and the answer is no: RFC 9457's problem, told plainly.</summary>
internal sealed class RefusedException : CommandException
{
    private const int ForeignTextMax = 200;

    private RefusedException(int exitCode, string message)
        : base(exitCode, message)
    {
    }

    public required Endpoint Endpoint { get; init; }

    public required HttpStatusCode Status { get; init; }

    /// <summary>The service's own word for it; null: it has none.</summary>
    public string? Code { get; init; }

    /// <summary>Each thing that is wrong, where there are several.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Reads the answer. What a proxy or a stranger says instead is shortened, and says where to look.</summary>
    /// <param name="endpoint">What was asked.</param>
    /// <param name="address">Where.</param>
    /// <param name="status">Not a success.</param>
    /// <param name="body">As it came.</param>
    public static RefusedException Of(Endpoint endpoint, Uri address, HttpStatusCode status, string body)
    {
        var problem = Parse(body);
        var code = problem.Raw("code") is { } own ? Plain.Line(own) : null;
        var detail = problem.Raw("detail") is { } told ? Plain.Line(told)
            : status == HttpStatusCode.NotFound ? $"{endpoint.Path} is not there; is {endpoint.Service.Setting()} the address of {endpoint.Service.Name()}?"
            : (int)status is >= 300 and < 400 ? $"it sends us elsewhere, and a key is not taken there; correct {endpoint.Service.Setting()}"
            : body.Length == 0 ? "it does not say why" : Plain.Line(body.Length <= ForeignTextMax ? body : body[..ForeignTextMax]);
        var help = status switch
        {
            HttpStatusCode.Unauthorized => $"; put a key or a token with the role {Roles(endpoint)} into a file and name it in PAYOUTS_API_KEY_FILE",
            HttpStatusCode.Forbidden when !detail.Contains("needs the role", StringComparison.Ordinal) => $"; this needs the role {Roles(endpoint)}",
            _ => "",
        };
        // A gateway that gave up does not know what the service behind it did.
        var exitCode = (int)status >= 500 ? ExitCodes.NoAnswer : ExitCodes.Wrong;
        return new RefusedException(exitCode, $"{endpoint.Service.Name()} at {address.GetLeftPart(UriPartial.Authority)} answers {(int)status}{(code is null ? "" : $" {code}")}: {detail}{help}")
        {
            Endpoint = endpoint,
            Status = status,
            Code = code,
            Problems = [.. problem.List("problems").Select(x => Plain.Line(x.ToString())).Where(x => x != detail)],
        };
    }

    private static string Roles(Endpoint endpoint) => endpoint.Roles.Replace(", ", " or ", StringComparison.Ordinal);

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            // Not from a service of ours: its text is shown instead.
            return null;
        }
    }
}
