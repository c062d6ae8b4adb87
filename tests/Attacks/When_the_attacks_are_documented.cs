using Payouts.Hosting.Access;
using Payouts.Signer.Answers;
using Payouts.Signer.Intent;

namespace Payouts.Tests.Attacks;

public sealed class When_the_attacks_are_documented
{
    private const int AttacksMin = 60;

    [Fact]
    public void Should_be_the_catalogue()
    {
        var written = AttacksDocument.Text();
        if (Environment.GetEnvironmentVariable(AttacksDocument.UpdateVariable) == "1")
            File.WriteAllText(AttacksDocument.Path, written);
        (File.Exists(AttacksDocument.Path) ? File.ReadAllText(AttacksDocument.Path) : "(no file)").ShouldBe(written, $"docs/attacks.md is out of date; write it again with: {AttacksDocument.Command}");
    }

    /// <summary>Not the same check under many names.</summary>
    [Fact]
    public void Should_be_many_that_differ()
    {
        Catalogue.All.Select(attack => (attack.Who, attack.Name)).ShouldBeUnique();
        AttacksDocument.Kinds.ShouldBeGreaterThanOrEqualTo(AttacksMin);
    }

    [Fact]
    public void Should_meet_every_refusal_that_payout_signer_knows()
    {
        var met = Catalogue.All.Select(attack => attack.Refusal).ToHashSet();
        // Whose a rejection is matters only where several sign: tests/Signer, When_one_of_several_refuses.
        Enum.GetNames<AnswerProblem>().Concat(Enum.GetNames<IntentProblem>()).Where(problem => !met.Contains(problem)).ShouldBe([nameof(AnswerProblem.SignerUnknown)]);
        AccessRole.All.Where(role => role != "admin" && !Catalogue.All.OfType<CallerAttack>().Any(attack => attack.Role == role)).ShouldBeEmpty();
    }
}
