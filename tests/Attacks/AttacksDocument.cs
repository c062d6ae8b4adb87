using System.Globalization;
using System.Text;

namespace Payouts.Tests.Attacks;

/// <summary>docs/attacks.md: the catalogue as a table.</summary>
internal static class AttacksDocument
{
    public const string UpdateVariable = "PAYOUTS_TEST_UPDATE";
    public const string Command = "PAYOUTS_TEST_UPDATE=1 ./test.sh Attacks -- --filter-class '*When_the_attacks_are_documented'";

    public static string Path => RepositoryRoot.PathOf("docs", "attacks.md");

    public static string Text()
    {
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # Attacks, and what each meets

            Written by `tests/Attacks` from its catalogue. Do not edit it; write it again with

                {Command}

            Each is tried on the running payout-signer (PostgreSQL, RabbitMQ with the users and rights of an installation, HTTP with keys and tokens), by every
            way that is named. Each is refused under its name (what comes after the end changes nothing), counted once and nothing else with it; no PayoutSigned, no
            request and no envelope of a channel's or of the fee account goes out; and then the honest signer answers, and exactly the transaction that the round owes goes out, once.

            {Catalogue.All.Count} attacks, {Catalogue.All.Sum(attack => attack.Ways.Count)} tries; told apart by who does it and how it is refused, {Kinds} kinds. Several that one check refuses stand
            here each on its own, because each is another thing to try.

            """).ReplaceLineEndings("\n"));
        foreach (var holder in Enum.GetValues<Holder>())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Heading(holder)}\n| attack | by | refused with | seen as |\n|---|---|---|---|\n");
            foreach (var attack in Catalogue.All.Where(attack => attack.Who == holder))
                text.Append(CultureInfo.InvariantCulture, $"| {attack.Name} | {string.Join(", ", attack.Ways.Select(Word))} | {attack.Refusal} | {attack.Seen} |\n");
        }

        return text.ToString();
    }

    /// <summary>Refusals that differ, or that meet somebody else; on the broker every right is one of its own.</summary>
    public static int Kinds => Catalogue.All.Select(attack => (attack.Who, attack is BrokerAttack ? attack.Name : attack.Refusal)).Distinct().Count();

    private static string Word(Way way) => way == Way.Http ? "HTTP" : "RabbitMQ";

    private static string Heading(Holder holder) => holder switch
    {
        Holder.Signer => "Who holds all of the external signer: its broker user, its HTTP key, and the key that pays",
        Holder.Builder => "Who holds payout-builder",
        Holder.Submitter => "Who holds payout-submitter",
        Holder.BrokerUser => "Who holds a user of the broker, and tries what is another's",
        _ => "Who reaches the HTTP port: all endpoints of the four services that are not for him, and the right signature for an open request",
    };
}
