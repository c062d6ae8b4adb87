using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Payouts;

/// <summary>A payout source whose own key has no weight: other keys sign for it, in a transaction of a channel.</summary>
public sealed class When_several_keys_pay : NetworkTest
{
    private static readonly KeyPair[] Keys = [.. Enumerable.Range(0, 19).Select(number => TestNetwork.Key($"signer {number}"))];

    [Theory(Timeout = TimeoutMs)]
    [InlineData("0 1", null)]
    [InlineData("2 1", null)]
    [InlineData("0", TransactionResultCode.txFAILED)]
    [InlineData("0 0", TransactionResultCode.txFAILED)]
    [InlineData("0 1 2", TransactionResultCode.txBAD_AUTH_EXTRA)]
    [InlineData("own", TransactionResultCode.txFAILED)]
    [InlineData("0 own", TransactionResultCode.txFAILED)]
    [InlineData("0 1 own", TransactionResultCode.txBAD_AUTH_EXTRA)]
    public async Task Should_take_as_many_as_the_medium_threshold_needs(string signers, TransactionResultCode? refused) =>
        await ShouldAsync(signers, [1, 1, 1], threshold: 2, refused);

    /// <summary>The ledger counts in the envelope's order and stops at the threshold: a set with a key to spare depends on that order.</summary>
    [Theory(Timeout = TimeoutMs)]
    [InlineData("0", null)]
    [InlineData("1 2", null)]
    [InlineData("2 1", null)]
    [InlineData("1", TransactionResultCode.txFAILED)]
    [InlineData("0 1", TransactionResultCode.txBAD_AUTH_EXTRA)]
    [InlineData("2 0", null)]
    [InlineData("0 2", TransactionResultCode.txBAD_AUTH_EXTRA)]
    public async Task Should_add_up_weights(string signers, TransactionResultCode? refused) => await ShouldAsync(signers, [3, 2, 1], threshold: 3, refused);

    /// <summary>The source is the transaction's source as well: the low threshold is asked first, then the medium one with the same signatures.</summary>
    [Theory(Timeout = TimeoutMs)]
    [InlineData("0 1", null)]
    [InlineData("0", TransactionResultCode.txFAILED)]
    [InlineData("own", TransactionResultCode.txBAD_AUTH)]
    [InlineData("0 1 2", TransactionResultCode.txBAD_AUTH_EXTRA)]
    public async Task Should_ask_both_thresholds_of_a_source_that_is_its_own_channel(string signers, TransactionResultCode? refused)
    {
        await ConfigureAsync([1, 1, 1], low: 1, medium: 2);
        var unsigned = await Net.AssembleAsync(Net.Admin, Net.Order(Net.Account("winner")));
        await ShouldEndAsync(unsigned, Named(signers), refused);
    }

    /// <summary>The most that an envelope carries, the channel's signature among them: the simulated fee pays for their bytes.</summary>
    [Fact(Timeout = TimeoutMs)]
    public async Task Should_take_nineteen_and_the_channels() =>
        await ShouldAsync(string.Join(' ', Enumerable.Range(0, 19)), [.. Enumerable.Repeat(1u, 19)], threshold: 19, refused: null);

    private async Task ShouldAsync(string signers, uint[] weights, uint threshold, TransactionResultCode? refused)
    {
        await ConfigureAsync(weights, low: threshold, medium: threshold);
        var channel = Net.Account("channel");
        var unsigned = await Net.AssembleAsync(channel, Net.Order(Net.Account("winner")));
        await ShouldEndAsync(unsigned, [.. Named(signers), channel], refused);
    }

    private async Task ShouldEndAsync(Transaction unsigned, IReadOnlyList<KeyPair> keys, TransactionResultCode? refused)
    {
        var signed = unsigned.Sign(Net.Network, [.. keys]);
        if (refused is { } code)
            TestNetwork.Refusal(await Net.SendAsync(signed)).ShouldBe(code);
        else
            (await Net.ApplyAsync(signed)).Status.ShouldBe(TransactionStatus.SUCCESS);
        Net.Ledger.Payouts().Count.ShouldBe(refused is null ? 1 : 0);
    }

    private async Task ConfigureAsync(uint[] weights, uint low, uint medium)
    {
        var builder = Net.Build(Net.Admin, new SetOptionsOperation { MasterWeight = 0, LowThreshold = low, MediumThreshold = medium, HighThreshold = medium, Signer = (Keys[0].AccountId, weights[0]) });
        for (var at = 1; at < weights.Length; at++)
            builder.Add(new SetOptionsOperation { Signer = (Keys[at].AccountId, weights[at]) });
        (await Net.ApplyAsync(builder.Build().Sign(Net.Network, Net.Admin))).Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    private IReadOnlyList<KeyPair> Named(string signers) => [.. signers.Split(' ').Select(name => name == "own" ? Net.Admin : Keys[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)])];
}
