using Payouts.Contracts;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;

namespace Payouts.Tests.Attacks;

/// <summary>Who has taken payout-submitter: the fee account's key signs for him only what was released before.</summary>
internal static class SubmitterList
{
    private const long FeeStroops = 400_000;

    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    public static IReadOnlyList<Attack> All { get; } =
    [
        Asked("a fee bump around what is not signed yet", "NotReleased", (_, asked) => asked),
        Asked("a fee bump around what he signed himself", "NotReleased", (at, asked) => asked.Sign(at.Network, at.StrangerKey, at.Channels[0])),
        Asked("a fee bump around a channel's payment", "NotReleased", (at, _) => new TransactionBuilder(at.Channels[0].AccountId, 1_234_567)
            .Add(new PaymentOperation(at.StrangerKey.AccountId, Asset.Native, 1)).InclusionFeePerOperation(10_000).ValidUntil(ValidUntil).Build().Sign(at.Network, at.Channels[0])),
        Released("a fee bump around a released envelope with a signature more", "NotReleased", (at, command, envelope) => command with { SignedXdr = envelope.Sign(at.Network, at.StrangerKey).ToBase64() }),
        Released("a fee bump of a released envelope for another payout", "NotReleased", (_, command, _) => command with { PayoutId = new PayoutId(Guid.NewGuid()) }),
        Released("a fee bump above the cap", "FeeOutOfRange", (_, command, _) => command with { FeeStroops = Installation.FeeStroopsMax + 1 }),
        Released("a fee bump under another hash", "HashDiffers", (_, command, _) => command with { TransactionHash = new string('a', 64) }),
        Released("a fee bump around no envelope", "EnvelopeUnreadable", (_, command, _) => command with { SignedXdr = "AAAA" }),
        Released("a fee bump around a fee bump", "EnvelopeUnreadable", (at, command, envelope) => command with { SignedXdr = FeeBumpTransaction.Wrap(envelope, at.StrangerKey.AccountId, FeeStroops).ToBase64() }),
    ];

    private static CommandAttack Asked(string name, string code, Func<Installation, Transaction, Transaction> make) => new(Holder.Submitter, name, code, (_, victim) =>
        Task.FromResult<object>(Of(victim, make(victim.At, victim.Asked))));

    private static CommandAttack Released(string name, string code, Func<Installation, BumpFee, Transaction, BumpFee> change) => new(Holder.Submitter, name, code, async (scene, _) =>
    {
        var paid = await Victim.AskedAsync(scene);
        var envelope = Transaction.FromBase64((await paid.SignHonestlyAsync()).SignedXdr);
        return change(paid.At, Of(paid, envelope), envelope);
    });

    private static BumpFee Of(Victim victim, Transaction envelope) => new()
    {
        PayoutId = victim.Payout,
        Attempt = 1,
        TransactionHash = envelope.Hash(victim.At.Network).ToString(),
        SignedXdr = envelope.ToBase64(),
        FeeStroops = FeeStroops,
    };
}
