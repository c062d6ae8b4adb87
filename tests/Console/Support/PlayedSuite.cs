using System.Text.Json.Nodes;
using Payouts.Contracts;

namespace Payouts.Tests.OperatorConsole.Support;

/// <summary>
/// One suite for most tests, in which something of each kind has happened: a settled round, a payout on hold because the policy denies its account, a payout outside
/// rounds that waits for an approval, a dead letter, a round to draw and one to cancel. Four eyes are asked for.
/// </summary>
public sealed class PlayedSuite : IAsyncLifetime
{
    public const string Settled = "arena-settled";
    public const string Held = "arena-held";
    public const string ToDraw = "arena-to-draw";
    public const string ToCancel = "arena-to-cancel";

    private SuiteOfOperators? _suite;

    internal SuiteOfOperators Suite => _suite!;

    /// <summary>The payout on hold.</summary>
    public string HeldPayout { get; private set; } = "";

    /// <summary>One that is paid.</summary>
    public string PaidPayout { get; private set; } = "";

    /// <summary>The payout outside rounds, refund-17.</summary>
    public string DirectPayout { get; private set; } = "";

    /// <summary>The sign request that the policy holds for it.</summary>
    public string HeldRequest { get; private set; } = "";

    /// <summary>The letter at rounds.</summary>
    public string DeadLetter { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _suite = await SuiteOfOperators.StartAsync(channels: 20, new Dictionary<string, string?> { ["PAYOUTS_FOUR_EYES"] = "true" });
        await Suite.PlayAsync(Settled, 1, 0, 1);
        await Suite.PlayAsync(Held, 2, 2, SuiteOfOperators.Denied);
        await Suite.OpenAsync(ToDraw, 3);
        await Suite.CloseAsync(ToDraw);
        await Suite.OpenAsync(ToCancel, 4);
        await Suite.PublishAsync(new GameRoundEntered { RoundId = ToCancel, Entries = [new RoundEntry { Player = SuiteOfOperators.Player(9), Stake = "\u001b[31m1.00000001" }] });
        await Suite.PublishAsync(new DirectPayoutRequested
        {
            Reference = "refund-17",
            Context = "refunds",
            PoolId = 3,
            RoundNumber = 17,
            Winner = SuiteOfOperators.Player(0),
            Amount = "12.5",
            Currency = "XLM",
            Reason = "the table broke down",
        });
        await Suite.StateOfRoundAsync(Settled, "SETTLED");
        HeldPayout = Id(await Suite.RowAsync("payouts?state=OnHold", _ => true));
        PaidPayout = Id(await Suite.RowAsync("payouts?state=Confirmed&round=" + Settled, _ => true));
        DirectPayout = Id(await Suite.RowAsync("payouts?reference=refund-17", _ => true));
        HeldRequest = (await Suite.RowAsync("sign-requests?state=held", _ => true))["requestId"]!.GetValue<string>();
        DeadLetter = (await Suite.RowAsync("rounds/dead-letters", _ => true))["id"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        if (_suite is not null)
            await _suite.DisposeAsync();
    }

    private static string Id(JsonNode row) => row["payoutId"]!.GetValue<string>();
}
