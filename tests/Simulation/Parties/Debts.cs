using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Parties;

/// <summary>What one winner is owed.</summary>
internal sealed record Debt(string RoundId, uint RoundNumber, string Winner, Stroops Amount, bool IsHomeless, PayoutId PayoutId)
{
    /// <summary>Of a payout that no round owes; null: a round owes it.</summary>
    public string? Reference { get; init; }
}

/// <summary>The rounds of a run and what is owed outside them: what the game will say, and what therefore must be paid. Known before anything runs.</summary>
internal sealed class Debts
{
    public const string Context = "GAME";
    public const uint Pool = 7;
    public const string Currency = "XLM";

    /// <summary>Numbers from here on are of no round.</summary>
    private const uint FirstDirectNumber = 1001;

    /// <summary>Less than this does not create an account.</summary>
    private const int HomelessStroopsMax = 5_000_000;

    public Debts(long seed, Scenario scenario, Network network, ContractId contract)
    {
        var dice = Dice.For(seed, "debts");
        All = [.. scenario.Winners.SelectMany((winners, round) => Round(seed, dice, scenario, (uint)(round + 1), winners, network, contract)),
            .. Enumerable.Range(0, scenario.DirectPayouts).Select(index => Direct(seed, dice, FirstDirectNumber + (uint)index, network, contract))];
    }

    public IReadOnlyList<Debt> All { get; }

    public IEnumerable<IGrouping<string, Debt>> Rounds => All.Where(x => x.Reference is null).GroupBy(x => x.RoundId);

    public IEnumerable<Debt> OutsideRounds => All.Where(x => x.Reference is not null);

    public Stroops Owed => All.Aggregate(Stroops.Zero, (sum, debt) => sum + debt.Amount);

    /// <summary>Everything that the game backend publishes, in its own order.</summary>
    public IEnumerable<object> Events(string currency) => Rounds.SelectMany(round => new object[]
    {
        new GameRoundOpened { RoundId = round.Key, Context = Context, PoolId = Pool, RoundNumber = round.First().RoundNumber, Currency = currency },
        Entered(round.Key, round.Take(2)),
        Entered(round.Key, round.Skip(2)),
        new GameRoundClosed { RoundId = round.Key, EntryCount = round.Count() },
        new GameRoundDrawn { RoundId = round.Key, Winners = [.. round.Select(x => new RoundWinner { Player = x.Winner, Amount = x.Amount.ToString() })] },
    }).Concat(OutsideRounds.Select(debt => new DirectPayoutRequested
    {
        Reference = debt.Reference!, Context = Context, PoolId = Pool, RoundNumber = debt.RoundNumber, Winner = debt.Winner, Amount = debt.Amount.ToString(), Currency = currency, Reason = "a complaint",
    }));

    private static List<Debt> Round(long seed, Dice dice, Scenario scenario, uint number, int winners, Network network, ContractId contract)
    {
        var part = Amount(dice, isHomeless: false);
        return [.. Enumerable.Range(0, winners).Select(index =>
        {
            var winner = new AccountId(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed} {number - 1} {index}")))).ToString();
            var isPrize = scenario.Shape == PayoutShape.Prize;
            var homeless = !isPrize && dice.Chance(scenario.HomelessPerMille);
            var id = PayoutId.Derive(network.Passphrase, contract.ToString(), Context, Pool, number, winner);
            return new Debt(NameOf(number), number, winner, isPrize ? part : Amount(dice, homeless), homeless, id);
        })];
    }

    private static Debt Direct(long seed, Dice dice, uint number, Network network, ContractId contract)
    {
        var winner = new AccountId(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed} {number} alone")))).ToString();
        var reference = string.Create(CultureInfo.InvariantCulture, $"refund-{number}");
        return new Debt($"direct:{reference}", number, winner, Amount(dice, isHomeless: false), IsHomeless: false, PayoutId.Derive(network.Passphrase, contract.ToString(), Context, Pool, number, winner)) { Reference = reference };
    }

    private static Stroops Amount(Dice dice, bool isHomeless) => new(isHomeless ? dice.Between(1, HomelessStroopsMax) : dice.Between(10_000_000, 500_000_000));

    private static GameRoundEntered Entered(string round, IEnumerable<Debt> players) =>
        new() { RoundId = round, Entries = [.. players.Select(x => new RoundEntry { Player = x.Winner, Stake = x.Amount.ToString() })] };

    private static string NameOf(uint round) => string.Create(CultureInfo.InvariantCulture, $"round-{round}");
}
