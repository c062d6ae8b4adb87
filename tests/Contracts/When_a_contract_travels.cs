using System.Text.Json.Nodes;

namespace Payouts.Tests.Contracts;

public sealed class When_a_contract_travels
{
    public static TheoryData<string> MessageNames => ContractTypes.MessageNames;

    [Fact]
    public void Should_have_one_old_sample_of_each_contract() => Directory.GetFiles(Samples.Folder)
        .Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)
        .ShouldBe(ContractTypes.Messages.Select(type => type.Name));

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Should_read_the_old_sample_and_write_it_again(string contract)
    {
        var sample = Samples.Read(contract);
        var written = Samples.Serialize(Samples.Deserialize(contract, sample));
        JsonNode.DeepEquals(written, sample).ShouldBeTrue($"written: {written.ToJsonString()}");
        written.AsObject().Select(member => member.Key).ShouldBe(sample.Select(member => member.Key), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Should_hold_every_member_in_the_sample(string contract)
    {
        foreach (var member in SampleMember.Of(ContractTypes.Named(contract), Samples.Read(contract)).Where(member => ContractTypes.IsRequired(member.Property)))
        {
            member.Owner.ContainsKey(member.Name).ShouldBeTrue($"{contract}: {member} is not in the sample");
        }

        Samples.Read(contract).Count.ShouldBe(ContractTypes.Named(contract).GetProperties().Length, "the sample shows optional members as well");
    }

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Should_do_without_each_optional_member_and_not_write_it_as_null(string contract)
    {
        foreach (var (member, changed) in SampleMember.Change(contract, member => ContractTypes.IsRequired(member.Property) ? null : () => member.Owner.Remove(member.Name)))
        {
            var written = Samples.Serialize(Samples.Deserialize(contract, changed));
            JsonNode.DeepEquals(written, changed).ShouldBeTrue($"{member}: {written.ToJsonString()}");
        }
    }

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Should_ignore_members_that_it_does_not_know(string contract)
    {
        foreach (var (member, changed) in SampleMember.Change(contract, member => () => member.Owner["addedLater"] = new JsonObject { ["deep"] = new JsonArray(1, "two") }))
        {
            Samples.Serialize(Samples.Deserialize(contract, changed)).ToJsonString().ShouldNotContain("addedLater", customMessage: member.ToString());
        }
    }

    [Fact]
    public void Should_take_an_amount_without_decimals_and_write_seven()
    {
        var sample = Samples.Read("RoundSettled");
        sample["paid"] = "12";
        var read = Samples.Deserialize("RoundSettled", sample).ShouldBeOfType<RoundSettled>();
        read.Paid.ShouldBe(new Stroops(120_000_000));
        Samples.Serialize(read)["paid"]!.GetValue<string>().ShouldBe("12.0000000");
    }

    [Fact]
    public void Should_keep_the_instant_of_a_time_in_another_offset()
    {
        var sample = Samples.Read("SigningRequested");
        sample["deadline"] = "2026-12-01T13:04:50+01:00";
        Samples.Deserialize("SigningRequested", sample).ShouldBeOfType<SigningRequested>().Deadline.UtcDateTime
            .ShouldBe(new DateTime(2026, 12, 1, 12, 4, 50, DateTimeKind.Utc));
    }
}
