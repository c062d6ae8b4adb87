namespace Payouts.Tests.Attacks;

/// <summary>What the attacker has got hold of.</summary>
internal enum Holder
{
    /// <summary>The external signer's broker user and HTTP key, and the payout source's own key: all that the KMS team has.</summary>
    Signer,

    /// <summary>payout-builder, or its broker user.</summary>
    Builder,

    /// <summary>payout-submitter, or its broker user.</summary>
    Submitter,

    /// <summary>A broker user, who tries what is another's.</summary>
    BrokerUser,

    /// <summary>A key or token for HTTP that is too little, or none.</summary>
    HttpCaller,
}

/// <summary>Ways into payout-signer.</summary>
internal enum Way
{
    /// <summary>Messages.</summary>
    RabbitMq,

    /// <summary>The endpoints.</summary>
    Http,
}

/// <summary>Something that somebody tries, and must not succeed with.</summary>
/// <param name="Who">What he holds.</param>
/// <param name="Name">What he does; unique for what he holds.</param>
/// <param name="Refusal">The code, problem or status that he meets.</param>
internal abstract record Attack(Holder Who, string Name, string Refusal)
{
    /// <summary>The ways by which he can do it; each is tried.</summary>
    public abstract IReadOnlyList<Way> Ways { get; }

    /// <summary>Where it can be seen afterwards, for the table of docs/attacks.md.</summary>
    public abstract string Seen { get; }

    /// <summary>Whether the victim's transaction is at the external signer when it happens; otherwise it is asked for afterwards.</summary>
    public virtual bool NeedsOpenRequest => true;

    /// <summary>Makes everything ready, so that what is counted from then on is the attack's alone.</summary>
    public abstract Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way);
}

/// <summary>One attack, ready to be struck.</summary>
/// <param name="StrikeAsync">Does it, and looks at what the attacker is told and at the row that is kept of it.</param>
internal sealed record Blow(Func<Task> StrikeAsync)
{
    /// <summary>By how much which counters rise; no other may.</summary>
    public IReadOnlyDictionary<string, double> Counted { get; init; } = new Dictionary<string, double>();

    /// <summary>A part of the one log line about it; null: nothing is said.</summary>
    public string? Logged { get; init; }

    /// <summary>PayoutFailed that go out because of it; nothing else ever may.</summary>
    public int Failures { get; init; }

    /// <summary>Puts away what was prepared.</summary>
    public Func<Task> AfterAsync { get; init; } = () => Task.CompletedTask;
}
