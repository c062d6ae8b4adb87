using System.Globalization;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Runs;

/// <summary>What a round came to whose signer thinks long.</summary>
/// <param name="Asked">The most that the signer was asked for one payout.</param>
/// <param name="PaidByLedger">Payments in each ledger that had any, in order.</param>
/// <param name="Took">From the first event of the round to the last payment, by the network's clock.</param>
internal sealed record SlowSignerResult(int Asked, IReadOnlyList<int> PaidByLedger, TimeSpan Took);

/// <content>Without faults: one round, a signer that thinks as long about everything, ledgers that close every five seconds of a clock that nobody waits for.</content>
internal sealed partial class Run
{
    private const int CloseSeconds = 5;

    /// <summary>Ledgers that pass at a time while only the signer has something to do.</summary>
    private const int IdleLedgers = 12;

    /// <summary>A week of ledgers: far above what any of it takes.</summary>
    private const int SlowLedgersMax = 7 * 24 * 3600 / CloseSeconds;

    /// <summary>Pays one round. Every law is judged at its end; <paramref name="report"/> hears how far it is.</summary>
    public static async Task<SlowSignerResult> SlowSignerAsync(int winners, int channels, TimeSpan thinks, bool authorizes, Action<string>? report = null)
    {
        using var folders = await Folders.CreateAsync(World.MigrateAsync);
        var scenario = Scenario.Of(1) with
        {
            Winners = [winners], Shape = PayoutShape.Single, RecipientsMax = 1, HasFeeAccount = false, FourEyes = false, AdminPaysByHand = false, Channels = channels,
            LaneDepth = 1, SlowSigner = false, PoorTreasury = false, HomelessPerMille = 0, ValiditySeconds = 2 * (int)thinks.TotalSeconds, AttemptsMax = 5, PollsAfterEndMax = 8,
            CrashPerMille = 0, ParkPerMille = 0, TogetherPerMille = 0, FaultPerMille = 0, ClockSkewSeconds = [.. new int[8]], Replicas = 1, Authorizes = authorizes, SignerThinks = thinks, CallsRoundsOff = false, DirectPayouts = 0,
        };
        return await new Run(new World(1, new RunOptions { Scenario = scenario }, folders.Database)).PayAsync(report);
    }

    private async Task<SlowSignerResult> PayAsync(Action<string>? report)
    {
        for (var i = 0; i < _processes.Length; i++)
            _processes[i] = _world.Start(i);
        _world.Signer.Bind();
        await CalmAsync();
        var began = _world.Network.Ledger.LatestCloseTime;
        _world.People.PublishRounds();
        var owed = _world.Network.Debts.All.Count;
        var reported = 0;
        for (var ledgers = 0; Paid() < owed; )
        {
            var moved = false;
            // What one loop found another may have passed by before: twice nothing is nothing.
            while (await RoundAsync(everyLoop: false) || await RoundAsync(everyLoop: false))
                moved = true;
            for (var i = 0; i < (moved || _world.Signer.Pending == 0 ? 1 : IdleLedgers); i++, ledgers++)
            {
                await TickAsync(CloseSeconds);
                await CloseAsync(1);
            }

            if (Paid() - reported >= Math.Max(1, owed / 10))
                report?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{reported = Paid()} of {owed} paid after {TimeSpan.FromSeconds(_world.Network.Ledger.LatestCloseTime - began)}, in ledger {_world.Network.Ledger.LatestLedger}"));
            if (ledgers > SlowLedgersMax)
                throw new Judging.LawBrokenException($"{Paid()} of {owed} were paid in {ledgers} ledgers");
        }

        var byLedger = _world.Network.Chain.Read(c => c.History.All.Select(x => (x.Transactions.Count(IsPayment), x.CloseTime)).Where(x => x.Item1 > 0).ToList());
        await FinishAsync();
        _world.Safety.Judge();
        _world.Final.Judge();
        await VerifyAsync();
        foreach (var process in _processes)
            await process!.DisposeAsync();
        return new SlowSignerResult(_world.Signer.Asked.Values.Max(), [.. byLedger.Select(x => x.Item1)], TimeSpan.FromSeconds(byLedger[^1].CloseTime - began));
    }

    private int Paid() => _world.Network.Ledger.Payouts().Count;

    private static bool IsPayment(Devnet.History.TransactionRecord transaction) =>
        transaction.Succeeded && XdrCodec.FromBytes<TransactionEnvelope>(transaction.EnvelopeXdr) is TransactionEnvelope.Tx { Value.Tx.Operations: [{ Body: OperationBody.InvokeHostFunction }] };
}
