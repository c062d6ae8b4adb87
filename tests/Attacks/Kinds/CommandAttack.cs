namespace Payouts.Tests.Attacks;

/// <summary>A command of another service that the signer's own keys are not used for.</summary>
/// <param name="Who">payout-builder or payout-submitter.</param>
/// <param name="Name">What it orders.</param>
/// <param name="Code">Why it is put aside.</param>
/// <param name="MakeAsync">The command; what it needs besides the victim is asked for before anything is counted.</param>
internal sealed record CommandAttack(Holder Who, string Name, string Code, Func<Scene, Victim, Task<object>> MakeAsync) : Attack(Who, Name, Code)
{
    public override IReadOnlyList<Way> Ways => [Way.RabbitMq];

    public override string Seen => $"dead letter {Code}; `dead_letters_total`; an error";

    public override async Task<Blow> PrepareAsync(Scene scene, Victim victim, Way way)
    {
        var command = await MakeAsync(scene, victim);
        var contract = command.GetType().Name;
        var queue = contract switch
        {
            "BumpFee" => "payout-signer.bump-fee",
            "BurnSlot" => "payout-signer.burn-slot",
            _ => "payout-signer.sign-payout",
        };
        return new Blow(() => scene.LetterAsync(Who == Holder.Submitter ? "payout-submitter" : "payout-builder", contract, BrokerUser.Json(command), Code, queue))
        {
            Counted = new Dictionary<string, double> { [Counters.Letters] = 1 },
            Logged = $"is put aside as a dead letter: {Code}",
        };
    }
}
