using Microsoft.Extensions.Time.Testing;
using Payouts.Contracts;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

public sealed class When_the_order_decides
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
    private readonly Installation _installation = new();

    [Fact(Timeout = 60_000)]
    public async Task Should_wait_for_an_order_that_comes_after_the_command()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var order = _installation.Order();
        await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil)));
        await host.StoredAsync(_installation.IdOf(order), SignRequestState.AwaitingOrder);
        host.Witness.Requests.ShouldBeEmpty();

        await host.SendAsync(_installation.Resolved(order));
        (await host.RequestAsync(_installation.IdOf(order))).Intent.Order.ShouldBe(order);
        await host.StoredAsync(_installation.IdOf(order), SignRequestState.Waiting);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_find_a_request_whose_order_was_committed_beside_it()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var order = _installation.Order();
        await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil)));
        await host.StoredAsync(_installation.IdOf(order), SignRequestState.AwaitingOrder);

        // As when the two transactions did not see each other: the order is there and nobody released the request.
        await host.ChangeAsync(db => db.Orders.AddRange(Order.From(_installation.Resolved(order), _installation.Network.Passphrase, _installation.Contract.ToString())));
        (await host.RequestAsync(_installation.IdOf(order))).Intent.Order.ShouldBe(order);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("12.5000001", "XLM", "amount")]
    [InlineData("12.5", "USDC", "currency")]
    public async Task Should_never_ask_for_a_transaction_that_pays_something_else(string amount, string currency, string field)
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var wrong = _installation.Order(amount: amount, currency: currency);
        await host.SendAsync(_installation.Resolved(_installation.Order()));
        await Probe.Until("the order is kept", async _ => await host.CountOrdersAsync() == 1);
        await host.SendAsync(_installation.Command(wrong, _installation.Build(wrong, ValidUntil)));

        await ShouldRefuse(host, wrong, field);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_check_against_the_order_itself_when_it_comes_later()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var wrong = _installation.Order(amount: "13");
        await host.SendAsync(_installation.Command(wrong, _installation.Build(wrong, ValidUntil)));
        await host.StoredAsync(_installation.IdOf(wrong), SignRequestState.AwaitingOrder);
        await host.SendAsync(_installation.Resolved(_installation.Order()));

        var failed = await host.FailedAsync(_installation.IdOf(wrong));
        failed.Code.ShouldBe(FailureCode.IntentMismatch);
        failed.Detail.ShouldBe("ArgumentsDiffer: Amount is 13.0000000, the order says 12.5000000");
        host.Witness.Requests.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_keep_the_first_of_two_orders_for_one_debt()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var (first, second) = (_installation.Order(), _installation.Order(amount: "99"));
        await host.SendAsync(_installation.Resolved(first));
        await Probe.Until("the first order is kept", async _ => await host.CountOrdersAsync() == 1);
        await host.SendAsync(_installation.Resolved(second));
        await Probe.Until("the conflict is told", () => host.LogLines.Any(line => line.Contains("99.0000000 XLM, it was 12.5000000 XLM", StringComparison.Ordinal)));
        await host.SendAsync(_installation.Command(second, _installation.Build(second, ValidUntil)));

        await ShouldRefuse(host, second, "amount");
        await host.SendAsync(_installation.Command(first, _installation.Build(first, ValidUntil), attempt: 2));
        (await host.RequestAsync(_installation.IdOf(first), attempt: 2)).Intent.Order.ShouldBe(first);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_fail_a_payout_whose_order_never_comes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        var options = new SignerOptions();
        await using var host = await SignerHost.StartAsync(_installation, options: options, time: time);
        var order = _installation.Order();
        await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil)));
        var waiting = await host.StoredAsync(_installation.IdOf(order), SignRequestState.AwaitingOrder);

        await Probe.Until("the payout fails", () =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return host.Witness.Failed.Count > 0;
        });
        var failed = await host.FailedAsync(_installation.IdOf(order));
        (failed.Stage, failed.Code, failed.Transient).ShouldBe((PayoutStage.Sign, FailureCode.OrderUnknown, false));
        failed.Slot.ShouldBe(waiting.Slot);
        var ended = await host.StoredAsync(_installation.IdOf(order), SignRequestState.Refused);
        (ended.AnsweredAt!.Value - ended.AskedAt).ShouldBeGreaterThan(options.OrderWaitMax);
        host.Witness.Requests.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_keep_a_round_of_ten_thousand_winners()
    {
        await using var host = await SignerHost.StartAsync(_installation);
        var winners = Enumerable.Range(0, 10_000).Select(i => new AccountId(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i))).ToString());
        var round = _installation.Resolved(_installation.Order()) with
        {
            Payouts = [.. winners.Select(winner => new OwedPayout { Winner = winner, Amount = new Stroops(1) })],
            Owed = new Stroops(10_000),
        };
        await host.SendAsync(round);
        await Probe.Until("all orders are kept", async _ => await host.CountOrdersAsync() == 10_000);
    }

    private async Task ShouldRefuse(SignerHost host, Contracts.PayoutOrder asked, string field)
    {
        var failed = await host.FailedAsync(_installation.IdOf(asked));
        (failed.Stage, failed.Code, failed.Transient, failed.Attempt).ShouldBe((PayoutStage.Sign, FailureCode.IntentMismatch, false, 1));
        failed.Detail.ShouldStartWith($"{IntentProblem.OrderDiffers}: {field} is ");
        (await host.StoredAsync(_installation.IdOf(asked), SignRequestState.Refused)).Decision.ShouldBe(nameof(IntentProblem.OrderDiffers));
        host.Witness.Requests.ShouldBeEmpty();
    }
}
