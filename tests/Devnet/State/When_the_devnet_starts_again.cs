using Payouts.Devnet.Options;
using Payouts.Stellar.Rpc;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.State;

public sealed class When_the_devnet_starts_again : NetworkTest
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"devnet-{Guid.NewGuid():N}.state");

    protected override Func<DevnetOptions, DevnetOptions> Change => options => options with { StateFile = file };

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_know_balances_payouts_and_transactions_of_before()
    {
        var channel = Net.Account("channel");
        var winner = Net.Account("winner");
        var payout = await Net.PayoutAsync(channel, Net.Order(winner));
        await Net.ApplyAsync(payout);
        Net.Ledger.Save(file);
        try
        {
            await using var again = await TestNetwork.StartAsync(Change);

            again.Ledger.LatestLedger.ShouldBe(Net.Ledger.LatestLedger);
            again.Ledger.Balance(winner.AccountId.ToString()).ShouldBe(1_050_000_000);
            again.Ledger.Payouts().ShouldBe(Net.Ledger.Payouts());
            (await again.FindAsync(payout.Hash(again.Network))).ShouldNotBeNull().Status.ShouldBe(TransactionStatus.SUCCESS);
            (await again.ApplyAsync(await again.PayoutAsync(channel, again.Order(winner, round: 2)))).Status.ShouldBe(TransactionStatus.SUCCESS);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("another network", 1, false)]
    [InlineData("Standalone Network ; February 2017", 2, false)]
    [InlineData("Standalone Network ; February 2017", 1, true)]
    public async Task Should_refuse_a_state_that_is_not_its_own(string passphrase, long seed, bool damaged)
    {
        Net.Ledger.Save(file);
        try
        {
            if (damaged)
            {
                await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^10]);
            }

            var refusal = await Should.ThrowAsync<DevnetOptionsException>(
                async () => await TestNetwork.StartAsync(options => Change(options) with { NetworkPassphrase = passphrase, Seed = seed }));

            refusal.Key.ShouldBe("DEVNET_STATE_FILE");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
