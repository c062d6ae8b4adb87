using MassTransit;

namespace Payouts.Tests.Contracts;

/// <summary>A contract's full name is its identity on the wire: queues, outboxes and other teams' code hold it.</summary>
public sealed class When_names_are_frozen
{
    private const string Prefix = "Payouts.Contracts:";

    private static readonly string[] Frozen = File.ReadAllLines(RepositoryRoot.PathOf("tests/Contracts/frozen-names.txt"));

    [Fact]
    public void Should_have_every_name_that_was_ever_published_and_list_every_new_one() =>
        ContractTypes.Messages.Select(type => $"{type.Namespace}:{type.Name}").ShouldBe(Frozen, ignoreOrder: false,
            "tests/Contracts/frozen-names.txt grows with new contracts; a name in it is never changed and never removed");

    [Fact]
    public void Should_use_the_name_as_urn() =>
        ContractTypes.Messages.Select(type => MessageUrn.ForTypeString(type)).ShouldBe(Frozen.Select(name => "urn:message:" + name));

    [Fact]
    public void Should_use_the_name_as_exchange()
    {
        // Not started: only its topology is asked.
        var bus = Bus.Factory.CreateUsingRabbitMq(configurator => configurator.Host(new Uri("amqp://guest:guest@localhost:5672/")));
        var exchanges = ContractTypes.Messages.Select(type => bus.Topology.TryGetPublishAddress(type, out var address) ? Uri.UnescapeDataString(address.AbsolutePath.Split('/')[^1]) : "none");
        exchanges.ShouldBe(Frozen);
    }

    [Fact]
    public void Should_keep_one_flat_namespace() =>
        ContractTypes.AllRecords.ShouldAllBe(type => type.Namespace + ":" == Prefix && !type.IsNested && !type.IsGenericType);

    [Fact]
    public void Should_keep_the_names_of_the_closed_lists()
    {
        // Names are stored and published: new ones may be added at the end, none may go.
        Enum.GetNames<PayoutStage>().ShouldBe(["Build", "Sign", "Submit", "Confirm"]);
        Enum.GetNames<PayoutOutcome>().ShouldBe(["Confirmed", "Failed", "Cancelled", "WrittenOff"]);
        string[] codes =
        [
            "NetworkUnavailable", "SimulationFailed", "AlreadyPaid", "ContractPaused", "ContractRefused", "FeeAboveCap", "EntryArchived", "IntentMismatch", "OrderUnknown",
            "SignerRejected", "SignerTimeout", "Refused", "FailedOnLedger", "NotTransferred", "SlotConsumedElsewhere", "OutcomeUnknown", "AttemptsExhausted", "OrderConflict", "Operator",
        ];
        Enum.GetNames<FailureCode>().Intersect(codes).ShouldBe(codes);
    }
}
