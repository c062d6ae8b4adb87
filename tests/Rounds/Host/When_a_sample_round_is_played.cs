using System.Text.Json;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>The committed sample rounds are valid, and worth what their README says.</summary>
public sealed class When_a_sample_round_is_played(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData("four-players", 2, "100")]
    [InlineData("fifty-players", 50, "260")]
    [InlineData("five-thousand-players", 5000, "5001.25")]
    [InlineData("uneven-stakes", 3, "190.0000014")]
    [InlineData("nobody-wins", 5, "133.5")]
    public async Task Should_owe_what_its_draw_says(string name, int payouts, string owed)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        await using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "samples", name + ".json"));
        var sample = await JsonSerializer.DeserializeAsync<Sample>(file, ContractsJson.Options, TestContext.Current.CancellationToken);
        await host.ApplyAsync(
            new GameRoundOpened { RoundId = sample!.RoundId, Context = sample.Context, PoolId = sample.PoolId, RoundNumber = sample.RoundNumber, Currency = sample.Currency },
            new GameRoundEntered { RoundId = sample.RoundId, Entries = sample.Entries },
            new GameRoundClosed { RoundId = sample.RoundId, EntryCount = sample.Entries.Count },
            new GameRoundDrawn { RoundId = sample.RoundId, Winners = sample.Draw.Winners, Yield = sample.Draw.Yield });
        var resolved = (await host.OutboxAsync<RoundResolved>()).ShouldHaveSingleItem();
        (resolved.Payouts.Count, resolved.Owed).ShouldBe((payouts, Stroops.Parse(owed)));
        (await host.PayoutsAsync(sample.RoundId)).Count.ShouldBe(payouts);
    }

    private sealed record Sample(string RoundId, string Context, uint PoolId, uint RoundNumber, string Currency, IReadOnlyList<RoundEntry> Entries, SampleDraw Draw);

    private sealed record SampleDraw(IReadOnlyList<RoundWinner> Winners, string? Yield = null);
}
