using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Runs;

/// <summary>A game backend that lives through the faults: it says a round's events under the same ids until the broker has confirmed them all.</summary>
internal sealed class PatientGame
{
    private static readonly TimeSpan SaidWithin = TimeSpan.FromMinutes(5);
    private readonly FaultySuite _faulty;
    private readonly List<Task> _saying = [];
    private readonly Dictionary<string, int> _played = new(StringComparer.Ordinal);

    public PatientGame(FaultySuite faulty) => _faulty = faulty;

    /// <summary>Winners who were promised money and have not got it on the ledger.</summary>
    public int OpenPayouts => _played.Values.Sum() - _faulty.Suite.Devnet.Ledger.Payouts().Count;

    public void Play(PlayedRound round)
    {
        _played[round.Id] = round.Players.Count;
        _saying.Add(SayAsync(round));
    }

    public Task EverythingSaidAsync() => Task.WhenAll(_saying);

    private Task SayAsync(PlayedRound round) => Probe.Until(
        $"the broker has round {round.Id}",
        async token =>
        {
            // A connection for each try: the last one may hang on a broker that is gone.
            await using var client = await GameClient.ConnectAsync(_faulty.Suite.BrokerUsers["game"], token);
            await client.PlayAsync(round.Id, round.Number, round.Players, token).WaitAsync(TimeSpan.FromSeconds(20), token);
            return true;
        },
        said => said, SaidWithin, TimeSpan.FromSeconds(1));
}
