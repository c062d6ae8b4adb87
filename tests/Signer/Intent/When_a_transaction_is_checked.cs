using Payouts.Signer.Intent;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Intent;

public sealed class When_a_transaction_is_checked
{
    private readonly Installation _installation = new();

    public static TheoryData<string> Tamperings => [.. Tampering.All.Select(x => x.Name)];

    [Fact]
    public void Should_find_what_payout_builder_builds_sound()
    {
        var command = Tampering.Sound(_installation);
        var sound = Check(command).ShouldBeOfType<IntentVerdict.Sound>();
        sound.Hash.ToString().ShouldBe(command.TransactionHash);
        sound.Intent.Order.ShouldBe(command.Order);
        sound.Intent.Channel.ShouldBe(command.Slot.Channel);
    }

    [Theory]
    [MemberData(nameof(Tamperings))]
    public void Should_refuse_what_is_wrong_in_one_way(string name)
    {
        var tampering = Tampering.All.Single(x => x.Name == name);
        var command = tampering.Command(_installation);
        var refused = Check(command).ShouldBeOfType<IntentVerdict.Refused>();
        refused.Problem.ShouldBe(tampering.Problem, refused.Detail);
        refused.Detail.ShouldNotBeNullOrWhiteSpace();
        if (command.UnsignedXdr.Length > 0)
            refused.Detail.ShouldNotContain(command.UnsignedXdr);
    }

    [Fact]
    public void Should_have_a_case_for_every_refusal()
    {
        // The order's own copy is compared inside the transaction: When_the_order_decides. An envelope says no last ledger: When_a_call_is_to_be_authorized.
        Enum.GetValues<IntentProblem>().Except(Tampering.All.Select(x => x.Problem)).ShouldBe([IntentProblem.ExpirationDiffers, IntentProblem.OrderDiffers], ignoreOrder: true);
        Tampering.All.Select(x => x.Name).ShouldBeUnique();
    }

    [Fact]
    public void Should_take_the_payout_source_as_its_own_channel()
    {
        var transaction = _installation.Build(_installation.Order(), DateTimeOffset.FromUnixTimeSeconds(4_000_000_000), _installation.PayoutKey.AccountId);
        Check(_installation.Command(_installation.Order(), transaction)).ShouldBeOfType<IntentVerdict.Sound>();
    }

    [Fact]
    public void Should_take_a_call_without_authorization_since_it_lends_no_authority() =>
        Check(Tampering.ChangedInvoke(_installation, invoke => invoke with { Auth = [] })).ShouldBeOfType<IntentVerdict.Sound>();

    [Fact]
    public void Should_take_the_one_transfer_that_pays_this_winner() =>
        Check(Tampering.Below(_installation, Tampering.Transfer(_installation, _installation.Token, _installation.Winner, 125_000_000))).ShouldBeOfType<IntentVerdict.Sound>();

    [Fact]
    public void Should_refuse_that_transfer_when_no_token_is_configured()
    {
        var command = Tampering.Below(_installation, Tampering.Transfer(_installation, _installation.Token, _installation.Winner, 125_000_000));
        var check = new IntentCheck(_installation.Policy with { Tokens = new Dictionary<string, ContractId>() });
        check.Check(command).ShouldBeOfType<IntentVerdict.Refused>().Problem.ShouldBe(IntentProblem.SubInvocationForeign);
    }

    [Fact]
    public void Should_name_the_argument_and_both_values()
    {
        var refused = Check(Tampering.All.Single(x => x.Name == "one stroop more").Command(_installation)).ShouldBeOfType<IntentVerdict.Refused>();
        refused.Detail.ShouldBe("Amount is 12.5000001, the order says 12.5000000");
    }

    [Theory]
    [InlineData("amount", "12.5000001", "XLM")]
    [InlineData("currency", "12.5", "USDC")]
    public void Should_name_the_field_in_which_two_orders_differ(string field, string amount, string currency)
    {
        var refused = IntentCheck.Compare(_installation.Order(), _installation.Order(amount: amount, currency: currency)).ShouldNotBeNull();
        refused.Problem.ShouldBe(IntentProblem.OrderDiffers);
        refused.Detail.ShouldStartWith(field + " is ");
        IntentCheck.Compare(_installation.Order(), _installation.Order()).ShouldBeNull();
    }

    private IntentVerdict Check(Contracts.SignPayout command) => new IntentCheck(_installation.Policy).Check(command);
}
