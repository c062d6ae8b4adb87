using System.Text.Json.Nodes;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Why;

/// <summary>A payout as payout-builder, payout-signer and payout-submitter see it, put together.</summary>
/// <param name="Answer">payout-builder's, with history and decisions.</param>
/// <param name="SignRequests">The newest first.</param>
/// <param name="Submissions">The newest first.</param>
/// <param name="Missing">Who did not answer: what is known of them is then not the whole picture.</param>
internal sealed record PayoutPicture(JsonNode? Answer, IReadOnlyList<JsonNode> SignRequests, IReadOnlyList<JsonNode> Submissions, IReadOnlyList<CommandException> Missing)
{
    private const int RowsMax = 50;

    public JsonNode? Payout => Answer.At("payout");

    /// <exception cref="CommandException">payout-builder does not answer, or knows no such payout.</exception>
    public static async Task<PayoutPicture> ReadAsync(ServiceDoors doors, Guid id, CancellationToken cancellationToken)
    {
        var answer = await doors.GetAsync(Endpoints.Payout, [id.ToString()], new Query(), cancellationToken);
        var query = new Query().With("payout", id.ToString()).With("limit", RowsMax);
        var others = await FanOut.AskAsync([Service.PayoutSigner, Service.PayoutSubmitter], async service => service == Service.PayoutSigner
            ? (await doors.GetAsync(Endpoints.SignRequests, [], query.With("state", "all"), cancellationToken)).Elements()
            : (await doors.GetAsync(Endpoints.Submissions, [], query, cancellationToken)).Elements());
        return new PayoutPicture(answer, others[0].Value ?? [], others[1].Value ?? [], [.. others.Select(x => x.Failure).OfType<CommandException>()]);
    }

    /// <summary>Proposals that nobody has answered and whose time is not over.</summary>
    public IReadOnlyList<JsonNode> OpenDecisions(Clock clock)
    {
        var steps = Answer.List("decisions");
        return [.. steps.Where(x => x.Text("status") == "Proposed" && !clock.IsOver(x.Text("expiresAt")) && !steps.Any(y => y.Text("decisionId") == x.Text("decisionId") && y.Number("step") == 2))];
    }
}
