namespace Payouts.Builder.Tests.States;

[Collection(ObservedMatrixCollection.Name)]
public sealed class When_the_states_are_documented(ObservedMatrix observed)
{
    [Fact]
    public async Task Should_be_what_the_machine_does()
    {
        var written = StatesDocument.Write(observed);
        if (Environment.GetEnvironmentVariable(StatesDocument.WriteVariable) == "1")
            await File.WriteAllTextAsync(StatesDocument.Path, written, TestContext.Current.CancellationToken);
        var kept = File.Exists(StatesDocument.Path) ? await File.ReadAllTextAsync(StatesDocument.Path, TestContext.Current.CancellationToken) : "";
        kept.ShouldBe(written, $"docs/states.md is out of date; write it again with: {StatesDocument.Command}");
    }
}
