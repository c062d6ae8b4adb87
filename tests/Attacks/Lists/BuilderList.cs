using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Tests.Support;

namespace Payouts.Tests.Attacks;

/// <summary>Who has taken payout-builder: he may order signatures, and pays nobody but whom a round owes.</summary>
internal static class BuilderList
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    public static IReadOnlyList<Attack> All { get; } =
        [.. Tampering.All.Select(x => new RequestAttack(x.Name, x.Problem, x.Command)), .. AuthorizationTampering.All.Select(x => new AuthorizeAttack(x.Name, x.Problem, x.Command)), .. OtherOrders(), .. Unowed(), .. Commands()];

    /// <summary>Order and transaction agree; only the signer's own copy of the debt says something else.</summary>
    private static IEnumerable<Attack> OtherOrders()
    {
        yield return new RequestAttack("a stroop more than the round owes, in order and transaction", IntentProblem.OrderDiffers, at => Sound(at, at.Order(amount: "12.5000001")));
        yield return new AuthorizeAttack("an authorization of a stroop more than the round owes, with its order", IntentProblem.OrderDiffers, at => at.Authorize(at.Order(amount: "12.5000001")));
        yield return new RequestAttack("another currency than the round's, in order and transaction", IntentProblem.OrderDiffers, at => Sound(at, at.Order(currency: "USDC")));
    }

    private static IEnumerable<Attack> Unowed()
    {
        yield return new UnowedAttack("a payout that no round owes", Tampering.Sound);
        yield return new UnowedAttack("a refund that nobody ordered", at => Sound(at, at.Order() with { Context = "refunds" }));
    }

    private static IEnumerable<Attack> Commands()
    {
        yield return new CommandAttack(Holder.Builder, "another transaction for an attempt that was asked", "AttemptConflict", (_, victim) =>
            Task.FromResult<object>(victim.At.Command(victim.At.Order(), victim.At.Build(victim.At.Order(), ValidUntil.AddSeconds(300)))));
        yield return Burn("a burn on the payout source's own number", "ForeignChannel", (at, burn) => burn with { Slot = burn.Slot with { Channel = at.PayoutKey.AccountId.ToString() } });
        yield return Burn("a burn above the fee cap", "FeeOutOfRange", (_, burn) => burn with { FeeStroops = Installation.FeeStroopsMax + 1 });
        yield return Burn("a burn that restores what is no declaration", "RestoreUnreadable", (_, burn) => burn with { RestoreXdr = "AAAA" });
        yield return Burn("a burn that runs code besides", "RestoreRefused", (at, burn) =>
            burn with { RestoreXdr = Stellar.Xdr.XdrCodec.ToBase64(at.Build(at.Order(), ValidUntil).SorobanData!) });
    }

    private static CommandAttack Burn(string name, string code, Func<Installation, BurnSlot, BurnSlot> change) => new(Holder.Builder, name, code, (_, victim) =>
        Task.FromResult<object>(change(victim.At, new BurnSlot
        {
            PayoutId = victim.Payout,
            Attempt = 1,
            Order = victim.At.Order(),
            Slot = new SequenceSlot { Channel = victim.At.Channels[0].AccountId.ToString(), SequenceNumber = 1_234_567 },
            Envelopes = [victim.Request.TransactionHash],
            FeeStroops = 10_000,
            ValidUntil = ValidUntil,
        })));

    private static SignPayout Sound(Installation at, PayoutOrder order) => at.Command(order, at.Build(order, ValidUntil));
}
