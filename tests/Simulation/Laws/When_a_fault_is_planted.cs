using Payouts.Tests.Simulation.Runs;

namespace Payouts.Tests.Simulation.Laws;

/// <summary>Judges that never find anything prove nothing: each of these broken behaviours must be found within some seeds.</summary>
public sealed class When_a_fault_is_planted
{
    private const int SeedsMax = 40;

    [Theory]
    [InlineData("LostReplyIsFailure", "may still take its envelope")]
    [InlineData("SecondSlot", "may still take its envelope")]
    [InlineData("SlotGivenBack", ", and it is payout ")]
    [InlineData("AcknowledgeFirst", "are planned after")]
    [InlineData("OutboxOutsideTheTransaction", "are planned after")]
    [InlineData("RowChangedByHand", "is not as it was written: rounds[round ")]
    [InlineData("BrokerLoses", "turns without faults")]
    public async Task Should_be_found_by_the_law_that_it_breaks(string planted, string law)
    {
        var options = new RunOptions { Planted = Enum.Parse<PlantedFault>(planted) };
        var found = new List<string>();
        for (var seed = 1; seed <= SeedsMax; seed++)
        {
            if ((await Run.OfAsync(seed, options)).Failure is not { } failure)
                continue;
            found.Add(failure.Split(Environment.NewLine)[0]);
            failure.ShouldContain($"--from {seed} --seeds 1 --trace --planted {planted}");
            if (found[^1].Contains(law, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"{planted} broke no \"{law}\" in {SeedsMax} seeds; found were: {string.Join("; ", found)}");
    }
}
