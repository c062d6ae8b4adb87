using Payouts.Stellar;

namespace Payouts.Channels.Tests;

/// <summary>Everything that may be wrong with an account, made so on the ledger itself.</summary>
public sealed class When_the_pool_is_verified
{
    [Fact(Timeout = 180_000)]
    public async Task Should_name_each_problem_and_only_it()
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "8", "--balance", "10");
        var stranger = KeyPair.FromRawSeed(new byte[32]);
        var listed = PoolNetwork.Accounts.Take(7).Append(PoolNetwork.Accounts[9]).Append(stranger.AccountId);
        network.Settings["PAYOUT_CHANNEL_ACCOUNTS"] = string.Join(",\n", listed);
        network.Settings["PAYOUT_FEE_ACCOUNT"] = PoolNetwork.Accounts[1000].ToString();
        await network.ApplyAsync(1, new SetOptionsOperation { Signer = (stranger.AccountId, 1) });
        await network.ApplyAsync(2, new SetOptionsOperation { MasterWeight = 3, HighThreshold = 4, Signer = (stranger.AccountId, 4) });
        await network.ApplyAsync(3, new ChangeTrustOperation(Asset.Issue("GEM", PoolNetwork.Funder.AccountId)));
        await network.ApplyAsync(4, new BumpSequenceOperation((long)(network.Ledger.LatestLedger + 100_000) << 32));
        await network.ApplyAsync(5, new SetOptionsOperation { MasterWeight = 0 });
        await network.ApplyAsync(6, new SetOptionsOperation { SetFlags = 4 });

        var verified = await network.RunAsync("verify", "--json");

        verified.Code.ShouldBe(ExitCodes.Wrong);
        verified.Problems.Order().ShouldBe(new (int?, string)[]
        {
            (null, "NotDerived"), (1, "ForeignSigner"), (2, "ForeignSigner"), (2, "ThresholdTooHigh"), (3, "OwnsEntries"), (4, "SequenceTooFar"),
            (5, "MasterKeyOff"), (6, "Immutable"), (7, "NotListed"), (9, "Missing"), (1000, "Missing"),
        }.Order());
        (verified.Json.GetProperty("accounts").GetInt32(), verified.Json.GetProperty("inOrder").GetInt32()).ShouldBe((11, 1));

        var table = await network.RunAsync("verify");
        table.Output.Split('\n')[0].ShouldMatch("^number +account +problem +what it means$");
        table.Output.ShouldContain("11 accounts at ledger");
        table.Output.ShouldContain("1 in order, 10 with problems; 9 are listed");
    }

    /// <summary>The fees of 10 payouts at 0.2 XLM each, above the reserve of 1 XLM.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("3.0000000", "10", ExitCodes.Done)]
    [InlineData("2.9999999", "10", ExitCodes.Wrong)]
    [InlineData("2.9999999", "9", ExitCodes.Done)]
    public async Task Should_want_the_fees_of_so_many_payouts(string balance, string fees, int code)
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "1", "--balance", balance);
        network.Settings["PAYOUT_CHANNEL_ACCOUNTS"] = PoolNetwork.Accounts[0].ToString();
        network.Settings["PAYOUTS_MAX_GAS_STROOPS"] = "2000000";

        var verified = await network.RunAsync("verify", "--fees", fees, "--json");

        verified.Code.ShouldBe(code, verified.Output);
        verified.Problems.ShouldBe(code == ExitCodes.Done ? [] : [(0, "Poor")]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_expect_a_range_that_is_named()
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "2");

        var verified = await network.RunAsync("verify", "--count", "3", "--json");

        verified.Problems.ShouldBe([(0, "NotListed"), (1, "NotListed"), (2, "Missing")]);
        (await network.RunAsync("verify", "--count", "3")).Output.ShouldContain("3 accounts at ledger");
    }
}
