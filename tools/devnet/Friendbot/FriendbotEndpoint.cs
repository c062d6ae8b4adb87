using Payouts.Stellar;

namespace Payouts.Devnet.Friendbot;

/// <summary>GET or POST /friendbot?addr=G..., answering like the public one.</summary>
public static class FriendbotEndpoint
{
    public static void MapFriendbot(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/friendbot", ["GET", "POST"], async (HttpContext http, FriendbotService friendbot) =>
        {
            string? address = http.Request.Query["addr"];
            if (address is null && http.Request.HasFormContentType)
            {
                address = (await http.Request.ReadFormAsync(http.RequestAborted))["addr"];
            }

            if (!AccountId.TryParse(address, out var account))
            {
                return Problem("Bad Request", "addr must be an account (G...)");
            }

            var gift = await friendbot.FundAsync(account, http.RequestAborted);
            return gift is null
                ? Problem("Bad Request", "account already funded to starting balance (createAccountAlreadyExist)")
                : Results.Json(new
                {
                    hash = gift.Transaction.Hash.ToString(),
                    successful = true,
                    ledger = gift.Transaction.Ledger,
                    envelope_xdr = Convert.ToBase64String(gift.Transaction.EnvelopeXdr),
                    result_xdr = Convert.ToBase64String(gift.Transaction.ResultXdr),
                    result_meta_xdr = Convert.ToBase64String(gift.Transaction.MetaXdr),
                });
        });

    private static IResult Problem(string title, string detail) =>
        Results.Json(new { type = "https://stellar.org/friendbot-errors/bad_request", title, status = 400, detail }, statusCode: 400);
}
