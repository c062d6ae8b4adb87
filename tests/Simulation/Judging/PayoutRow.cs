using Payouts.Contracts;

namespace Payouts.Tests.Simulation.Judging;

/// <summary>A payout as payout-builder has it.</summary>
internal sealed record PayoutRow(
    PayoutId Id, string State, string RoundId, string Winner, string Amount, string? Channel, long? Sequence, bool Exposed, string? HoldCode, string? HoldDetail, bool EndsItsSlot, int Attempt, PayoutId? Leader, bool Ends)
{
    /// <summary>Ended, or nothing but a human moves it: one that is cancelled, or waits to be authorized anew, goes on by itself.</summary>
    public bool HasEnded => State is "Confirmed" or "Failed" or "Cancelled" or "WrittenOff" || (State == "OnHold" && !Ends && HoldCode != "AuthorizationExpired");

    public static IReadOnlyList<PayoutRow> All(Database database) => database.Read(
        Database.Builder,
        """
        select payout_id, current_state, round_id, winner, amount, channel, sequence_number, exposed, hold_code, hold_detail, burn_until is not null or slot_watched, attempt, leader_id, cancel_after_burn
        from payouts order by payout_id
        """,
        row => new PayoutRow(
            new PayoutId(Guid.Parse(row.GetString(0))), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Text(5),
            row.IsDBNull(6) ? null : row.GetInt64(6), row.GetBoolean(7), row.Text(8), row.Text(9), row.GetBoolean(10), row.GetInt32(11), row.Text(12) is { } leader ? new PayoutId(Guid.Parse(leader)) : null, row.GetBoolean(13)));
}
