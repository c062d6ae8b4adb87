using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Intent;

public sealed class When_an_envelope_is_at_a_bound
{
    private static readonly DateTimeOffset Latest = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.MaxValue.ToUnixTimeSeconds());
    private readonly Installation _installation = new();

    [Theory]
    [InlineData(IntentCheck.XdrLengthMax, IntentProblem.EnvelopeUnreadable)]
    [InlineData(IntentCheck.XdrLengthMax + 1, IntentProblem.EnvelopeTooLarge)]
    public void Should_be_read_up_to_what_the_network_takes(int length, IntentProblem problem)
    {
        IntentCheck.XdrLengthMax.ShouldBe((132_096 + 2) / 3 * 4, "as base64");
        new IntentCheck(_installation.Policy).Check(Tampering.Sound(_installation) with { UnsignedXdr = new string('A', length) }).ShouldBeOfType<IntentVerdict.Refused>().Problem.ShouldBe(problem);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void Should_cost_the_cap_and_not_a_stroop_more(int difference, bool sound)
    {
        var command = Tampering.Sound(_installation);
        var cap = Transaction.FromBase64(command.UnsignedXdr).Fee + difference;
        var verdict = new IntentCheck(_installation.Policy with { FeeStroopsMax = cap }).Check(command);
        if (sound)
            verdict.ShouldBeOfType<IntentVerdict.Sound>();
        else
            verdict.ShouldBeOfType<IntentVerdict.Refused>().Problem.ShouldBe(IntentProblem.FeeAboveCap);
    }

    /// <summary>The ledger's time has room for more seconds than a date has: such an envelope is a stranger's, and no reason to fall over.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Should_be_known_as_a_burn_of_ours_up_to_the_last_date(int secondsBeyond, bool own)
    {
        var channel = _installation.Channels[0];
        var burn = new TransactionBuilder(channel.AccountId, 5).Add(new BumpSequenceOperation(0)).InclusionFeePerOperation(10_000).ValidUntil(Latest).Build();
        var body = burn.Body with { Cond = new Stellar.Xdr.Preconditions.Time(new Stellar.Xdr.TimeBounds(0, (ulong)Latest.ToUnixTimeSeconds() + (ulong)secondsBeyond)) };
        var signed = Transaction.FromEnvelope(new Stellar.Xdr.TransactionEnvelope.Tx(new Stellar.Xdr.TransactionV1Envelope(body, []))).Sign(_installation.Network, channel);

        new SlotBurner(_installation.Policy, _installation.Keys()).IsOwn(signed).ShouldBe(own);
    }
}
