using System.Globalization;
using Payouts.Devnet.Faults;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Options;
using Payouts.Stellar;

namespace Payouts.Devnet.Admin;

/// <summary>Faults on demand, ledgers on demand, and the truth about balances and payouts.</summary>
public static class AdminEndpoints
{
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin");
        admin.MapGet("/faults", (FaultScript faults) => faults.List());
        admin.MapPost("/faults", AddFault);
        admin.MapDelete("/faults", (FaultScript faults) => faults.Clear());
        admin.MapDelete("/faults/{id:int}", (int id, FaultScript faults) => faults.Remove(id) ? Results.NoContent() : Results.NotFound());
        admin.MapPost("/faults/seed/{seed:long}", (long seed, FaultScript faults) => faults.Reseed(seed));
        admin.MapPost("/close", (DevnetLedger ledger, int? count) => Results.Json(new { ledger = ledger.CloseLedger(Math.Clamp(count ?? 1, 1, 10_000)) }));
        admin.MapPost("/save", Save);
        admin.MapPost("/grant", Grant);
        admin.MapGet("/ledger", (DevnetLedger ledger) => ledger.Counts());
        admin.MapGet("/ledger/payouts", (DevnetLedger ledger) => ledger.Payouts().Select(PayoutJson.Of));
        admin.MapGet("/ledger/balance", Balance);
        admin.MapPost("/ledger/archive-payout", (DevnetLedger ledger, string context, uint pool, uint round, string winner) =>
            !IsHolder(winner) ? HolderProblem() : ledger.ArchivePayout(context, pool, round, winner) ? Results.NoContent() : Results.NotFound());
        admin.MapPost("/ledger/archive-balance", (DevnetLedger ledger, string holder, string? asset) =>
            AssetProblem(asset) ?? Archive(holder, id => ledger.ArchiveBalance(id, asset ?? "native")));
        admin.MapPost("/ledger/archive-instance", (DevnetLedger ledger, string contract) => Archive(contract, ledger.ArchiveInstance));
    }

    private static IResult Archive(string contract, Func<ContractId, bool> archive)
    {
        if (!ContractId.TryParse(contract, out var id))
        {
            return Results.BadRequest(new { error = "only what a contract (C...) keeps can be archived" });
        }

        return archive(id) ? Results.NoContent() : Results.NotFound();
    }

    private static IResult AddFault(FaultRule rule, FaultScript faults) =>
        rule.Problem() is { } problem ? Results.BadRequest(new { error = problem }) : Results.Json(new { id = faults.Add(rule) });

    private static IResult Save(DevnetLedger ledger, DevnetOptions options)
    {
        if (options.StateFile is not { } path)
        {
            return Results.BadRequest(new { error = "DEVNET_STATE_FILE is not set: there is nowhere to save to" });
        }

        ledger.Save(path);
        return Results.NoContent();
    }

    private static IResult Grant(DevnetLedger ledger, string account, long stroops)
    {
        if (!AccountId.TryParse(account, out var id) || stroops <= 0)
        {
            return Results.BadRequest(new { error = "account must be G... and stroops positive" });
        }

        ledger.Grant(id, stroops);
        return Results.NoContent();
    }

    private static IResult Balance(DevnetLedger ledger, string holder, string? asset)
    {
        if (!IsHolder(holder))
        {
            return HolderProblem();
        }

        if (AssetProblem(asset) is { } problem)
        {
            return problem;
        }

        var balance = ledger.Balance(holder, asset ?? "native");
        return Results.Json(new { holder, asset = asset ?? "native", stroops = balance?.ToString(CultureInfo.InvariantCulture) });
    }

    private static bool IsHolder(string text) => AccountId.TryParse(text, out _) || ContractId.TryParse(text, out _);

    private static IResult HolderProblem() => Results.BadRequest(new { error = "holder and winner must be G... or C..." });

    private static IResult? AssetProblem(string? asset)
    {
        try
        {
            new Setting("asset", asset ?? "native").Asset();
            return null;
        }
        catch (DevnetOptionsException problem)
        {
            return Results.BadRequest(new { error = problem.Message });
        }
    }

    /// <summary>Amounts as decimal text: JSON numbers would lose stroops.</summary>
    private sealed record PayoutJson(string Context, uint PoolId, uint RoundId, string Winner, string Amount, string Currency)
    {
        public static PayoutJson Of(LedgerPayout payout) => new(
            payout.Context, payout.PoolId, payout.RoundId, payout.Winner, payout.Amount.ToString(CultureInfo.InvariantCulture), payout.Currency);
    }
}
