namespace Payouts.Builder.Tests.States;

/// <summary>
/// The payout's whole behaviour in one table: each event, in each of its forms, in each state.
/// Columns: the states; @ owns a slot that nobody has seen, ! owns one for which a signed envelope may exist, ~ one that cannot be burned besides: watched, but in
/// Sign~ and Wait~. Burn! is OnHold
/// while the slot is being burned, Void! the same with a cancellation behind it and Drop! with a write-off, Lost! when a stranger consumed the slot, Said when the
/// contract says paid. Grp is Grouped. Late! is Confirmed by another transaction while its own slot still burns. Off is WrittenOff, Dry is Built.
/// Cells: the state after it, then what is sent: b BuildPayout, s SignPayout, u SubmitPayout, n BurnSlot, r BurnSlot that restores, w WatchSlot, ? VerifyPayout, h PayoutOnHold, $ PayoutSettled;
/// then what becomes of the slot's lane: - the number is consumed, &lt; it is given back. The same state in a cell means that only
/// the payout's timer or history changed. A dot: nothing changes at all. x: refused, and the transaction with it.
/// </summary>
[Collection(ObservedMatrixCollection.Name)]
public sealed class When_a_state_meets_an_event(ObservedMatrix observed)
{
    private const string Matrix =
        """
        event                                 | Init Bld    Bld@     Bld!     Grp    Sign     Send     Wait     Hold!    Burn!    Void!    Drop!    Lost!    Bld~     Sign~    Wait~    Hold~    Void~    Drop~    Said   Hold   Fail   Paid Late!  Late~ Canc Off Dry
        PayoutPlanned                         | Bld  x      x        x        x      x        x        x        x        x        x        x        x        x        x        x        x        x        x        x      x      x      x    x      x     x    x   x
        SlotLeased                            | x    Bld+b  x        x        .      .        .        .        .        .        .        .        .        x        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        GroupJoined                           | x    Grp    x        x        .      .        .        .        .        .        .        .        .        x        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        GroupEnded, paid                      | x    .      .        .        Paid+$ .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        GroupEnded, free                      | x    .      .        .        Bld    .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        GroupEnded, not as ordered            | x    .      .        .        Hold+h .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        GroupEnded, built                     | x    .      .        .        Dry    .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        GroupEnded, other leader              | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        DeadlineReached                       | x    Bld    Bld+b    Bld+b    .      Bld+b    .        .        .        Hold+n   Hold+n   Hold+n   Hold+?   Bld+b    Bld+b    .        .        .        .        Hold+? .      .      .    Paid+n .     .    .   .
        DeadlineReached, last attempt         | x    Bld    Bld+b    Bld+b    .      Hold+hn  .        .        .        Hold+n   Hold+n   Hold+n   Hold+?   Bld+b    Hold+hw  .        .        .        .        Hold+? .      .      .    Paid+n .     .    .   .
        LaneBlocked                           | x    .      Bld+n    Bld+n    .      Sign+n   .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutBuilt                           | x    .      Sign+s   Sign+s   .      .        .        .        .        .        .        .        .        Sign+s   .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutBuilt, execution off            | x    .      Dry      Dry      .      .        .        .        .        .        .        .        .        Dry      .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutBuilt, stale attempt            | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutBuilt, other slot               | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutSigned                          | x    .      .        .        .      Send+u   .        .        .        .        .        .        .        .        Send+u   .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutSigned, stale attempt           | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutSigned, other hash              | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutSubmitted                       | x    .      .        .        .      .        Wait     .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutSubmitted, stale attempt        | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutConfirmed                       | x    .      Paid+$-  Paid+$-  .      Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  .      .      .      .    Paid-  Paid- .    .   .
        PayoutConfirmed, older attempt        | x    .      Paid+$-  Paid+$-  .      Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  .      .      .      .    Paid-  Paid- .    .   .
        PayoutConfirmed, other slot           | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutConfirmed, other amount         | x    .      Hold+h-  Hold+h-  .      Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  Hold+h-  .      .      .      .    Paid-  Paid- .    .   .
        PayoutFailed Build, no network        | x    .      Bld      Bld      .      .        .        .        .        .        .        .        .        Bld      .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, transient         | x    .      Bld      Bld      .      .        .        .        .        .        .        .        .        Bld      .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, transient, last   | x    .      Hold+h<  Hold+hn  .      .        .        .        .        .        .        .        .        Hold+hw  .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, lasting           | x    .      Hold+h<  Hold+hn  .      .        .        .        .        .        .        .        .        Hold+hw  .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, AlreadyPaid       | x    .      Hold+h?< Hold+h?n .      .        .        .        .        .        .        .        .        Hold+h?w .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, archived          | x    .      Bld+r    Bld+r    .      .        .        .        .        .        .        .        .        Hold+hw  .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, archived, in vain | x    .      Hold+h<  Hold+hn  .      .        .        .        .        .        .        .        .        Hold+hw  .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, archived, by hand | x    .      Hold+h<  Hold+hn  .      .        .        .        .        .        .        .        .        Hold+hw  .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, archived, stale   | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, stale attempt     | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Build, other slot        | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Sign                     | x    .      .        .        .      Hold+hn  .        .        .        .        .        .        .        .        Hold+hw  .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Sign, unseen             | x    .      .        .        .      Hold+h<  .        .        .        .        .        .        .        .        Hold+h<  .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Sign, unseen, second     | x    .      .        .        .      Hold+hn  .        .        .        .        .        .        .        .        Hold+hw  .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Sign, stale attempt      | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Submit                   | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutFailed Confirm, lasting         | x    .      Fail+$-  Fail+$-  .      Fail+$-  Fail+$-  Fail+$-  Fail+$-  Fail+$-  Canc+$-  Off+$-   Fail+$-  Fail+$-  Fail+$-  Fail+$-  Fail+$-  Canc+$-  Off+$-   .      .      .      .    Paid-  Paid- .    .   .
        PayoutFailed Confirm, older attempt   | x    .      Fail+$-  Fail+$-  .      Fail+$-  Fail+$-  Fail+$-  Fail+$-  Fail+$-  Canc+$-  Off+$-   Fail+$-  Fail+$-  Fail+$-  Fail+$-  Fail+$-  Canc+$-  Off+$-   .      .      .      .    Paid-  Paid- .    .   .
        PayoutFailed Confirm, transient       | x    .      Bld-     Bld-     .      Bld-     Bld-     Bld-     Bld-     Bld-     Canc+$-  Off+$-   Bld-     Bld-     Bld-     Bld-     Bld-     Canc+$-  Off+$-   .      .      .      .    Paid-  Paid- .    .   .
        PayoutFailed Confirm, transient, last | x    .      Fail+$-  Fail+$-  .      Fail+$-  Fail+$-  Fail+$-  Fail+$-  Fail+$-  Canc+$-  Off+$-   Fail+$-  Fail+$-  Fail+$-  Fail+$-  Fail+$-  Canc+$-  Off+$-   .      .      .      .    Paid-  Paid- .    .   .
        PayoutFailed Confirm, AlreadyPaid     | x    .      Hold+h?- Hold+h?- .      Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- Hold+h?- .      .      .      .    Paid-  Paid- .    .   .
        PayoutFailed Confirm, other slot      | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutExpired                         | x    .      .        .        .      .        Bld+b    Bld+b    .        .        .        .        .        .        .        Bld+b    .        .        .        .      .      .      .    .      .     .    .   .
        PayoutExpired, last attempt           | x    .      .        .        .      .        Hold+hn  Hold+hn  .        .        .        .        .        .        .        Hold+hw  .        .        .        .      .      .      .    .      .     .    .   .
        PayoutExpired, stale attempt          | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutExpired, other slot             | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutUnresolved                      | x    .      .        .        .      .        Hold+hn  Hold+hn  .        .        .        .        .        .        .        Hold+hw  .        .        .        .      .      .      .    .      .     .    .   .
        PayoutUnresolved, older attempt       | x    .      .        .        .      .        Hold+hn  Hold+hn  .        .        .        .        .        .        .        Hold+hw  .        .        .        .      .      .      .    .      .     .    .   .
        PayoutUnresolved, other slot          | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutUnresolved, not transferred     | x    .      .        Hold+h-  .      Hold+h-  Hold+h-  Hold+h-  Hold-    Hold-    Hold-    Hold-    Hold-    Hold+h-  Hold+h-  Hold+h-  Hold-    Hold-    Hold-    .      .      .      .    Paid-  Paid- .    .   .
        PayoutUnresolved, consumed elsewhere  | x    .      .        Hold+h?- .      Hold+h?- Hold+h?- Hold+h?- Hold+?-  Hold+?-  Hold+?-  Hold+?-  Hold+?-  Hold+h?- Hold+h?- Hold+h?- Hold+?-  Hold+?-  Hold+?-  .      .      .      .    Paid-  Paid- .    .   .
        SlotBurned                            | x    .      Bld-     Bld-     .      Bld-     Bld-     Bld-     Hold-    Hold-    Canc+$-  Off+$-   Hold-    Bld-     Bld-     Bld-     Hold-    Canc+$-  Off+$-   .      .      .      .    Paid-  .     .    .   .
        SlotBurned, other slot                | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        SlotProvenUnused                      | x    .      .        Bld      .      .        .        .        Hold<    .        .        .        Hold<    Bld      .        .        Hold<    Canc+$<  Off+$<   .      .      .      .    .      Paid< .    .   .
        SlotProvenUnused, time too short      | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        SlotProvenUnused, ledger too low      | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        SlotProvenUnused, other slot          | x    .      .        .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        PayoutVerified, paid                  | x    .      .        .        .      .        .        .        Paid+n$  Paid+$   Paid+$   Paid+$   Paid+n$  .        .        .        Paid+$   Paid+$   Paid+$   Paid+$ Paid+$ .      .    .      .     .    .   .
        PayoutVerified, paid, slot consumed   | x    .      .        .        .      .        .        .        Paid+$-  Paid+$-  Paid+$-  Paid+$-  Paid+$-  .        .        .        Paid+$-  Paid+$-  Paid+$-  Paid+$ Paid+$ .      .    .      .     .    .   .
        PayoutVerified, unpaid                | x    .      .        .        .      .        .        .        Hold     Hold     Hold     Hold     Hold     .        .        .        Hold     Hold     Hold     Hold   Hold   .      .    .      .     .    .   .
        PayoutVerified, unpaid, slot consumed | x    .      .        .        .      .        .        .        Hold     Hold     Hold     Hold     Bld-     .        .        .        Hold     Hold     Hold     Hold   Hold   .      .    .      .     .    .   .
        PayoutVerified, not as ordered        | x    .      .        .        .      .        .        .        Hold     Hold     Hold     Hold     Hold     .        .        .        Hold     Hold     Hold     Hold   Hold   .      .    .      .     .    .   .
        PayoutVerified, not found             | x    .      .        .        .      .        .        .        Hold     Hold     Hold     Hold     Hold     .        .        .        Hold     Hold     Hold     Hold   Hold   .      .    .      .     .    .   .
        PayoutVerified, unknown               | x    .      .        .        .      .        .        .        Hold     Hold     Hold     Hold     Hold     .        .        .        Hold     Hold     Hold     Hold   Hold   .      .    .      .     .    .   .
        RetryPayout                           | x    .      .        .        .      .        .        .        Bld+b    Bld+b    Bld+b    Bld+b    Bld+b    .        .        .        Bld+b    Bld+b    Bld+b    Bld    Bld    Bld    .    .      .     .    .   .
        HoldRequested                         | x    Hold+h Hold+h<  .        .      .        .        .        .        .        .        .        .        .        .        .        .        .        .        .      .      .      .    .      .     .    .   .
        WriteOffRequested                     | x    .      .        .        .      .        .        .        Hold+n   Hold+n   Hold+n   Hold+n   Hold+n   .        .        .        Hold+w   Hold+w   Hold+w   Off+$  Off+$  Off+$  .    .      .     .    .   .
        CancelPayout                          | x    Canc+$ Canc+$<  Hold+n   .      Hold+n   .        .        Hold+n   Hold+n   Hold+n   Hold+n   Hold+n   Hold+w   Hold+w   .        Hold+w   Hold+w   Hold+w   Canc+$ Canc+$ Canc+$ .    .      .     .    .   .
        """;

    private static readonly string[] Lines = Matrix.Split('\n');

    public static TheoryData<string> Rows => [.. Lines.Skip(1).Select(line => line.Split('|')[0].Trim())];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Should_do_what_the_table_says(string row) =>
        observed.Row(row).ShouldBe(Cells(Lines.Single(line => line.Split('|')[0].Trim() == row)), $"{row} in {Cells(Lines[0])}");

    [Fact]
    public void Should_find_every_state_and_every_event_in_the_table()
    {
        Cells(Lines[0]).Split(' ').ShouldBe(Situation.All.Select(x => x.Column));
        Situation.All.Select(x => x.State).Append("Final").Distinct().ShouldBe(observed.States, ignoreOrder: true, "a state is missing in the table or gone from the machine");
        Rows.Select(row => row.Data).ShouldBe(Happening.All.Select(x => x.Row), "the table and the events that are raised must name the same rows");
        Happening.All.Select(x => x.Event).Distinct().ShouldBe(observed.Events, ignoreOrder: true, "an event is missing in the table or gone from the machine");
    }

    private static string Cells(string line) => string.Join(' ', line.Split('|')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
