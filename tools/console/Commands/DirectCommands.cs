using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Payouts.Contracts;
using Payouts.OperatorConsole.Asking;
using Payouts.OperatorConsole.Doors;
using Payouts.OperatorConsole.Output;

namespace Payouts.OperatorConsole.Commands;

/// <summary>direct: payouts that no round owes.</summary>
internal static class DirectCommands
{
    private static readonly Paging Paging = new(Endpoints.DirectPayouts, "after", 1000) { Rows = "payouts" };

    private static readonly Column[] Columns =
    [
        Column.Text("reference", "reference"), Column.State("outcome", "outcome"), Column.Number("amount", "amount"), Column.Text("currency", "currency"), Column.Text("winner", "winner"),
        Column.Text("ordered by", "orderedBy"), Column.Time("ordered", "orderedAt"), Column.Text("payout", "payoutId"), Column.Text("reason", "reason"),
    ];

    public static Command Build(CommandFactory make) => CommandFactory.Group("direct", "Payouts outside rounds: refunds and prizes", Order(make), List(make), Show(make));

    private static Command List(CommandFactory make) => make.Leaf("list", "Payouts outside rounds, by reference.", [Endpoints.DirectPayouts], ["direct list", "direct list --limit 1000 --json"], [make.Shared.Limit, make.Shared.After],
        async (session, parsed, cancellationToken) =>
            session.List("payouts", await Pages.ReadAsync(session.Doors, Paging, [], new Query(), parsed.GetValue(make.Shared.Limit), parsed.GetValue(make.Shared.After), cancellationToken), Columns, "reference"));

    private static Command Show(CommandFactory make)
    {
        var reference = new Argument<string>("reference") { Description = "the name it was ordered under" };
        return make.Leaf("show", "A payout outside rounds, and what became of it.", [Endpoints.DirectPayout], ["direct show refund-17"], [reference], async (session, parsed, cancellationToken) =>
            Tell(session, await session.Doors.GetAsync(Endpoints.DirectPayout, [parsed.GetValue(reference)!], new Query(), cancellationToken)));
    }

    private static Command Order(CommandFactory make)
    {
        var shared = make.Shared;
        var reference = Required("--reference", "your own name of it, 1 to 80 characters");
        var context = Required("--context", "first part of the contract's key; one that no round has");
        var pool = new Option<uint>("--pool") { Description = "second part of the contract's key", Required = true };
        var number = new Option<uint>("--number") { Description = "third part of the contract's key, which it pays once for a winner", Required = true };
        var winner = Required("--winner", "who is paid, G... or C...");
        var amount = Required("--amount", "decimal text with at most 7 decimals");
        amount.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !Stroops.TryParse(result.Tokens[0].Value, out _, out var problem))
                result.AddError($"--amount: {problem}");
        });
        var currency = Required("--currency", "such as XLM");
        return make.Leaf("order", "Orders a payout that no round owes. The same again changes nothing.", [Endpoints.OrderDirect],
            ["direct order --reference refund-17 --context refunds --pool 3 --number 17 --winner GBBZ7G567PWBHY2DUOLNHCOWDLCEHUBTUCNQ4RFATBGFRO54OLSDNGF7 --amount 12.5 --currency XLM --reason \"the table broke down\""],
            [reference, context, pool, number, winner, amount, currency, shared.Reason, shared.Key, shared.Yes], async (session, parsed, cancellationToken) =>
            {
                var body = new JsonObject
                {
                    ["reference"] = parsed.GetValue(reference),
                    ["context"] = parsed.GetValue(context),
                    ["poolId"] = parsed.GetValue(pool),
                    ["roundNumber"] = parsed.GetValue(number),
                    ["winner"] = parsed.GetValue(winner),
                    ["amount"] = parsed.GetValue(amount),
                    ["currency"] = parsed.GetValue(currency),
                    ["reason"] = parsed.GetValue(shared.Reason),
                };
                await Change.ConfirmAsync(session, parsed, shared, string.Create(CultureInfo.InvariantCulture, $"pay {Stroops.Parse(body.Raw("amount")!)} {body.Text("currency")} to {body.Text("winner")}?"), cancellationToken);
                return Tell(session, await Change.SendAsync(session, parsed, shared, Endpoints.OrderDirect, [], body, cancellationToken));
            });
    }

    private static int Tell(Session session, JsonNode? order)
    {
        if (session.Style.Json)
            session.Json(order);
        else if (session.Style.Quiet)
            session.Ids([order.Text("reference")]);
        session.Facts(
            ("reference", order.Text("reference")), ("outcome", order.Text("outcome")), ("amount", $"{order.Text("amount")} {order.Text("currency")}"), ("winner", order.Text("winner")),
            ("key", $"{order.Text("context")} {order.Text("poolId")} {order.Text("roundNumber")}"), ("reason", order.Text("reason")), ("ordered by", order.Text("orderedBy")),
            ("ordered", session.Clock.Show(order.Text("orderedAt"))), ("round", order.Text("roundId")), ("paid", order.Text("paid")), ("payout", order.Text("payoutId")),
            ("transaction", order.Text("transactionHash")), ("ledger", order.Text("ledger")), ("settled", session.Clock.Show(order.Text("settledAt"))));
        return ExitCodes.Done;
    }

    private static Option<string> Required(string name, string about) => new(name) { Description = about, Required = true };
}
