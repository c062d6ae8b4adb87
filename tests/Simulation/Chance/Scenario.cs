using Payouts.Stellar;

namespace Payouts.Tests.Simulation.Chance;

/// <summary>What one seed is about. Drawn once at its start.</summary>
internal sealed record Scenario
{
    private const int ReplicasMax = 2;

    /// <summary>Winners of each round.</summary>
    public required IReadOnlyList<int> Winners { get; init; }

    /// <summary>Whom one call of the contract pays: one winner, a list of them, or all winners of a round in equal parts.</summary>
    public required PayoutShape Shape { get; init; }

    /// <summary>Winners in one transaction at most.</summary>
    public required int RecipientsMax { get; init; }

    /// <summary>There is a fee account: fees are raised by wrapping the same envelope.</summary>
    public required bool HasFeeAccount { get; init; }

    /// <summary>A decision takes a second person.</summary>
    public required bool FourEyes { get; init; }

    /// <summary>The contract's admin now and then pays a debt without the suite.</summary>
    public required bool AdminPaysByHand { get; init; }

    /// <summary>Channel accounts; 0: the payout source account is the only channel: nobody here can burn its slots, so they end by proof.</summary>
    public required int Channels { get; init; }

    /// <summary>Payouts that may wait in one lane.</summary>
    public required int LaneDepth { get; init; }

    public required int LaneHeadWaitSeconds { get; init; }

    /// <summary>The external signer mostly answers after the envelope's validity.</summary>
    public required bool SlowSigner { get; init; }

    /// <summary>The contract holds about half of what is owed.</summary>
    public required bool PoorTreasury { get; init; }

    /// <summary>Winners that have no account on the ledger and are owed less than creates one.</summary>
    public required int HomelessPerMille { get; init; }

    public required int ValiditySeconds { get; init; }

    public required int AttemptsMax { get; init; }

    public required int PollsAfterEndMax { get; init; }

    /// <summary>Steps of the faulty phase.</summary>
    public required int FaultySteps { get; init; }

    /// <summary>Of a thousand points between two effects, how many crash.</summary>
    public required int CrashPerMille { get; init; }

    /// <summary>Of a thousand calls of the network, how many are still under way while other things happen.</summary>
    public required int ParkPerMille { get; init; }

    /// <summary>Of a thousand deliveries, how many bring several messages of their queue into one transaction.</summary>
    public required int TogetherPerMille { get; init; }

    /// <summary>Of a thousand steps, how many change the network's faults.</summary>
    public required int FaultPerMille { get; init; }

    /// <summary>How far each process's clock is from the ledger's, in seconds.</summary>
    public required IReadOnlyList<int> ClockSkewSeconds { get; init; }

    /// <summary>Processes of each service, on one database.</summary>
    public required int Replicas { get; init; }

    /// <summary>The signer authorizes calls before they get a channel; otherwise it signs envelopes.</summary>
    public required bool Authorizes { get; init; }

    /// <summary>A round is called off once all its players are in, unless the game draws it sooner.</summary>
    public bool CallsRoundsOff { get; init; }

    /// <summary>Payouts that no round owes.</summary>
    public int DirectPayouts { get; init; }

    /// <summary>So long the signer thinks about everything, and then signs right; null: what it does is drawn.</summary>
    public TimeSpan? SignerThinks { get; init; }

    public static Scenario Of(long seed)
    {
        var dice = Dice.For(seed, "scenario");
        var channels = dice.Chance(150) ? 0 : dice.Between(2, 4);
        var validity = dice.Pick([30, 60, 120, 300]);
        // A service whose clock is ahead by more than an envelope lives gives every payout up before its signature can come.
        var skewMax = Math.Min(60, validity / 3);
        var shape = dice.Pick([(60, PayoutShape.Single), (30, PayoutShape.List), (10, PayoutShape.Prize)]);
        return new Scenario
        {
            Winners = [.. Enumerable.Range(0, dice.Between(1, 2)).Select(_ => dice.Between(3, 8))],
            Shape = shape,
            RecipientsMax = shape == PayoutShape.Single ? 1 : shape == PayoutShape.Prize && dice.Chance(800) ? 8 : dice.Between(2, 8),
            HasFeeAccount = dice.Chance(600),
            FourEyes = dice.Chance(300),
            // Nothing on the ledger would say for whom a prize was that somebody else paid.
            AdminPaysByHand = shape != PayoutShape.Prize && dice.Chance(150),
            Channels = channels,
            LaneDepth = channels == 0 || dice.Chance(500) ? 1 : dice.Between(2, 4),
            LaneHeadWaitSeconds = dice.Pick([5, 30]),
            SlowSigner = dice.Chance(150),
            PoorTreasury = dice.Chance(150),
            HomelessPerMille = dice.Chance(200) ? 250 : 0,
            ValiditySeconds = validity,
            AttemptsMax = dice.Between(2, 5),
            PollsAfterEndMax = dice.Between(2, 8),
            FaultySteps = dice.Between(250, 450),
            CrashPerMille = dice.Pick([0, 5, 10, 20]),
            ParkPerMille = dice.Pick([0, 50, 150, 300]),
            FaultPerMille = dice.Pick([0, 20, 40, 80]),
            ClockSkewSeconds = [.. Enumerable.Range(0, 4 * ReplicasMax).Select(_ => dice.Chance(300) ? dice.Between(-skewMax, skewMax) : 0)],
            TogetherPerMille = dice.Pick([0, 150, 400]),
            Replicas = dice.Chance(250) ? ReplicasMax : 1,
            Authorizes = channels > 0 && shape == PayoutShape.Single && dice.Chance(400),
            CallsRoundsOff = dice.Chance(300),
            // A prize is a round's: what is paid outside one has no equal parts.
            DirectPayouts = shape != PayoutShape.Prize && dice.Chance(300) ? dice.Between(1, 3) : 0,
        };
    }
}
