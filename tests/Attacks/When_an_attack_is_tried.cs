using Payouts.Signer.Requests;

namespace Payouts.Tests.Attacks;

/// <summary>Every attack of the catalogue, by every way that is open to it, on the running service.</summary>
public sealed class When_an_attack_is_tried(Scene scene) : IClassFixture<Scene>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Tries =>
        [.. Catalogue.All.SelectMany(attack => attack.Ways.Select(way => (attack.Who.ToString(), attack.Name, way.ToString())))];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Tries))]
    public async Task Should_be_refused_and_accounted_for_and_change_nothing(string who, string name, string way)
    {
        var attack = Catalogue.All.Single(x => x.Who.ToString() == who && x.Name == name);
        var victim = attack.NeedsOpenRequest ? await Victim.AskedAsync(scene) : await Victim.OwedAsync(scene);
        var blow = await attack.PrepareAsync(scene, victim, Enum.Parse<Way>(way));
        var before = await scene.CountAsync(Cancelled);
        var (lines, sent) = (scene.Host.LogLines.Count, Sent());

        await blow.StrikeAsync();

        await ShouldHaveCountedAsync(before, blow.Counted);
        await ShouldHaveLoggedAsync(lines, blow.Logged);
        if (attack.NeedsOpenRequest)
            (await victim.StateAsync()).ShouldBe(SignRequestState.Waiting, "the request stays open for the honest signer");
        else
            await victim.AskAsync(attempt: 2);
        await victim.SignHonestlyAsync();
        Sent().ShouldBe(sent with
        {
            Requests = sent.Requests + (attack.NeedsOpenRequest ? 0 : 1),
            Signed = sent.Signed + 1,
            Failed = sent.Failed + blow.Failures,
        }, "what the service has said since, the honest signer's payout included");
        await blow.AfterAsync();
    }

    private async Task ShouldHaveCountedAsync(Counters before, IReadOnlyDictionary<string, double> expected)
    {
        static string Text(IEnumerable<KeyValuePair<string, double>> counted) => string.Join(", ", counted.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => FormattableString.Invariant($"{x.Key} +{x.Value}")));
        await Probe.Until($"it is counted: {Text(expected)}", async token => Text((await scene.CountAsync(token)).Since(before)), seen => seen == Text(expected), TimeSpan.FromSeconds(10));
    }

    private async Task ShouldHaveLoggedAsync(int lines, string? expected)
    {
        IReadOnlyList<string> News() => [.. scene.Host.LogLines.Skip(lines).Where(line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal))];
        if (expected is not null)
            await Probe.Until($"one line says {expected}", _ => Task.FromResult(News()), news => news.Count(line => line.Contains(expected, StringComparison.Ordinal)) == 1);
    }

    private Messages Sent()
    {
        var witness = scene.Host.Witness;
        return new Messages(witness.Requests.Count, witness.Signed.Count, witness.Failed.Count, witness.ByOwnKeys.Count);
    }

    private sealed record Messages(int Requests, int Signed, int Failed, int ByOwnKeys);
}
