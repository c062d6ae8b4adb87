using System.Text.Json;
using Payouts.Builder.Lanes;
using Payouts.Channels.Builder;
using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Channels.Tests;

public sealed class When_channels_are_retired
{
    /// <summary>
    /// The suite is paying: a channel with an open slot is not merged, gets no new slot, drains, is merged, and while it is gone the others pay. Created
    /// and taken back, it pays again from the number of its new account.
    /// </summary>
    [Fact(Timeout = 300_000)]
    public async Task Should_merge_what_is_drained_and_pay_everybody_meanwhile()
    {
        await using var suite = await RunningSuite.StartAsync(channels: 3, players: 9);
        var round = await suite.OweAsync(9);
        await Probe.Until("every channel holds a slot", () => suite.Ledger.PendingTransactions == 3, TimeSpan.FromSeconds(60));

        var early = await suite.RunAsync("retire", "--number", "0", "1", "--builder", suite.Address.ToString(), "--wait", "0", "--by", "Ana", "--reason", "too many", "--json");

        early.Code.ShouldBe(ExitCodes.Wrong, early.Error);
        early.Problems.ShouldBe([(0, "NotDrained"), (1, "NotDrained")]);
        suite.Accounts.ShouldAllBe(account => suite.Ledger.SequenceNumber(account) != null, "nothing was merged");
        var retiring = await suite.ChannelAsync(0);
        (Text(retiring, "state"), retiring.GetProperty("openSlots").GetInt32(), Text(retiring, "retiredBy")).ShouldBe(("Retiring", 1, "Ana"));

        var retired = await suite.ClosingAsync(suite.RunAsync("retire", "--number", "0", "1", "--builder", suite.Address.ToString(), "--wait", "120", "--json"));
        retired.Code.ShouldBe(ExitCodes.Done, retired.Output + retired.Error);
        retired.Json.GetProperty("merged").GetInt32().ShouldBe(2);
        suite.Ledger.SequenceNumber(suite.Accounts[0]).ShouldBeNull();
        await suite.ClosingAsync(suite.PaidAsync(round, 9));
        var paid = await suite.PayoutsAsync(round);
        foreach (var account in suite.Accounts.Take(2))
            paid.Count(x => Text(x, "channel") == account.ToString()).ShouldBe(1, "only the slot that was open");

        var again = await suite.RunAsync("retire", "--number", "0", "1", "--builder", suite.Address.ToString(), "--json");
        (again.Code, again.Json.GetProperty("merged").GetInt32(), again.Json.GetProperty("gone").GetInt32()).ShouldBe((ExitCodes.Done, 0, 2), "run again, it is done already");
        var last = await suite.RunAsync("retire", "--number", "2", "--builder", suite.Address.ToString());
        (last.Code, suite.Ledger.SequenceNumber(suite.Accounts[2])).ShouldSatisfyAllConditions(x => x.Code.ShouldBe(ExitCodes.Wrong), x => x.Item2.ShouldNotBeNull());
        last.Error.ShouldContain("the last channel in use");

        (await suite.RunAsync("keep", "--number", "0", "--builder", suite.Address.ToString())).Error.ShouldContain("does not exist on the ledger; create it first");
        (await suite.ClosingAsync(suite.RunAsync("create", "--count", "1"))).Code.ShouldBe(ExitCodes.Done);
        var first = suite.Ledger.SequenceNumber(suite.Accounts[0])!.Value + 1;
        (await suite.RunAsync("keep", "--number", "0", "--builder", suite.Address.ToString())).Code.ShouldBe(ExitCodes.Done);
        await Probe.Until("its number was read", async _ => Text(await suite.ChannelAsync(0), "state"), state => state == "Free", TimeSpan.FromSeconds(60));
        var second = await suite.OweAsync(6);
        await suite.ClosingAsync(suite.PaidAsync(second, 6));
        (await suite.PayoutsAsync(second)).Where(x => Text(x, "channel") == suite.Accounts[0].ToString()).Min(x => x.GetProperty("sequenceNumber").GetInt64()).ShouldBe(first);
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_show_what_payout_builder_makes_of_them()
    {
        await using var suite = await RunningSuite.StartAsync(channels: 2, players: 1);
        await Probe.Until("its numbers were read", async _ => Text(await suite.ChannelAsync(1), "state"), state => state == "Free");

        var list = await suite.RunAsync("list", "--builder", suite.Address.ToString());
        list.Output.Split('\n')[1].ShouldMatch($@"^0 +{suite.Accounts[0]} +9999\.0000000 +\d+ +yes +Free +0$");
        (await suite.RunAsync("verify", "--builder", suite.Address.ToString())).Code.ShouldBe(ExitCodes.Done);
        (await suite.RunAsync("list", "--builder", "http://127.0.0.1:1/")).Code.ShouldBe(ExitCodes.Unfinished);
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_compare_the_settings_with_what_payout_builder_has()
    {
        await using var suite = await RunningSuite.StartAsync(channels: 2, players: 1);
        // More than one page of its answer.
        await suite.AddChannelsAsync(PoolNetwork.Accounts.Select((account, number) => new Channel { Account = account.ToString(), Listed = false, OpenSlots = number == 7 ? 3 : 0 }));
        using var client = new BuilderClient(suite.Address, null);
        (await client.ListAsync(TestContext.Current.CancellationToken)).Count.ShouldBe(1003);

        var unknown = KeyPair.FromRawSeed(new byte[32]).AccountId;
        suite.Overrides["PAYOUT_CHANNEL_ACCOUNTS"] = $"{suite.Accounts[0]},{suite.Accounts[1]},{unknown}";
        var verified = await suite.RunAsync("verify", "--builder", suite.Address.ToString(), "--json");

        verified.Problems.ShouldBe([(null, "NotDerived"), (null, "NotInUse"), (null, "RemovedTooEarly")]);
        verified.Output.ShouldContain("payout-builder has 3 open slots on it although its settings list it no more");
        var refused = await suite.RunAsync("retire", "--number", "5", "--builder", suite.Address.ToString(), "--json");
        (refused.Code, refused.Json.GetProperty("gone").GetInt32()).ShouldBe((ExitCodes.Done, 1), "there is no such account to merge");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(19, 1)]
    [InlineData(20, 2)]
    public async Task Should_put_nineteen_into_a_transaction(int count, int transactions)
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", $"{count}");

        var merged = await network.DoneAsync("retire", "--last", $"{count}", "--offline", "--confirm-unused");

        (merged.GetProperty("merged").GetInt32(), merged.GetProperty("transactions").GetInt32()).ShouldBe((count, transactions));
        network.Spent.ShouldBe(2 * count * 100, "only the fees of making and merging");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_leave_alone_what_is_listed_or_cannot_be_merged()
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "4");
        network.Settings["PAYOUT_CHANNEL_ACCOUNTS"] = PoolNetwork.Accounts[0].ToString();
        await network.ApplyAsync(1, new ChangeTrustOperation(Asset.Issue("GEM", PoolNetwork.Funder.AccountId)));
        await network.ApplyAsync(2, new SetOptionsOperation { Signer = (PoolNetwork.Accounts[1000], 1) });

        var retired = await network.RunAsync("retire", "--number", "0", "1", "2", "3", "4", "--offline", "--confirm-unused", "--json");

        retired.Code.ShouldBe(ExitCodes.Wrong);
        retired.Problems.ShouldBe([(1, "OwnsEntries"), (0, "Listed")]);
        (retired.Json.GetProperty("merged").GetInt32(), retired.Json.GetProperty("gone").GetInt32()).ShouldBe((2, 1));
        Enumerable.Range(0, 4).Where(x => network.Ledger.SequenceNumber(PoolNetwork.Accounts[x]) is not null).ShouldBe([0, 1]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_merge_only_accounts_of_the_secret()
    {
        await using var network = await PoolNetwork.StartAsync();
        foreach (var foreign in new[] { PoolNetwork.Funder.AccountId.ToString(), PoolNetwork.Accounts[1000].ToString(), "G123" })
        {
            var refused = await network.RunAsync("retire", foreign, "--offline", "--confirm-unused");
            (refused.Code, refused.Error.Trim()).ShouldBe((ExitCodes.Usage, $"\"{foreign}\" is none of the 1000 channels of PAYOUT_CHANNEL_SECRET"));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_merge_each_once_although_answers_are_lost()
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "60");
        network.Ledger.Faults.Reseed(7);
        network.Ledger.Faults.Add(new Devnet.Faults.FaultRule { Kind = Devnet.Faults.FaultKind.LostReply, Method = "sendTransaction", Probability = 0.6 });

        await network.DoneAsync("retire", "--last", "60", "--offline", "--confirm-unused");

        (network.Existing(), network.Spent).ShouldBe((0, 2 * 60 * 100));
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
