namespace Payouts.Run.Play;

/// <summary>Prints payouts as a table: winner, amount, transaction hash, ledger.</summary>
internal static class PayoutTable
{
    private const int RowsShown = 60;

    public static void Print(IReadOnlyList<PayoutView> payouts, bool all)
    {
        if (payouts.Count == 0)
            return;
        var width = payouts.Max(x => x.Amount.ToString().Length);
        Console.WriteLine($"{"winner",-56}  {"amount".PadLeft(width)}  {"transaction hash",-64}  ledger");
        foreach (var payout in payouts.Take(all ? int.MaxValue : RowsShown))
            Console.WriteLine($"{payout.Winner,-56}  {payout.Amount.ToString().PadLeft(width)}  {payout.TransactionHash ?? payout.Outcome,-64}  {payout.Ledger}");
        if (!all && payouts.Count > RowsShown)
            Console.WriteLine($"... and {payouts.Count - RowsShown} more; --all prints them");
    }
}
