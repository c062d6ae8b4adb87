using System.Text.Json;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Contracts;

/// <summary>Nothing wrong is read as something else: the reader stops and names the member.</summary>
public sealed class When_a_message_is_wrong
{
    public static TheoryData<string> MessageNames => ContractTypes.MessageNames;

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Should_refuse_a_missing_member(string contract) =>
        ShouldRefuse(contract, atLeast: 2, member => ContractTypes.IsRequired(member.Property) ? () => member.Owner.Remove(member.Name) : null);

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Should_refuse_null_where_something_must_be(string contract) =>
        ShouldRefuse(contract, atLeast: 2, member => ContractTypes.IsRequired(member.Property) ? () => member.Owner[member.Name] = null : null);

    [Fact]
    public void Should_refuse_a_number_for_money() => ShouldRefuseInAll(atLeast: 9, member => member.Type == typeof(Stroops)
        || IsAmountText(member) ? () => member.Owner[member.Name] = 12.5m : null);

    [Fact]
    public void Should_refuse_eight_decimals() =>
        ShouldRefuseInAll(atLeast: 9, member => member.Type == typeof(Stroops) ? () => member.Owner[member.Name] = "1.00000001" : null);

    [Theory]
    [InlineData("")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("NaN")]
    public void Should_refuse_what_is_no_amount(string text) =>
        ShouldRefuseInAll(atLeast: 9, member => member.Type == typeof(Stroops) ? () => member.Owner[member.Name] = text : null);

    [Fact]
    public void Should_refuse_an_unknown_name_of_a_closed_list() =>
        ShouldRefuseInAll(atLeast: 5, member => member.Type.IsEnum ? () => member.Owner[member.Name] = "SomethingElse" : null);

    [Fact]
    public void Should_refuse_a_number_of_a_closed_list() =>
        ShouldRefuseInAll(atLeast: 5, member => member.Type.IsEnum ? () => member.Owner[member.Name] = 1 : null);

    [Fact]
    public void Should_refuse_text_for_a_number() =>
        ShouldRefuseInAll(atLeast: 20, member => IsInteger(member.Type) ? () => member.Owner[member.Name] = "1" : null);

    [Fact]
    public void Should_refuse_a_fraction_for_a_whole_number() =>
        ShouldRefuseInAll(atLeast: 20, member => IsInteger(member.Type) ? () => member.Owner[member.Name] = 1.5m : null);

    [Fact]
    public void Should_refuse_a_number_that_does_not_fit() =>
        ShouldRefuseInAll(atLeast: 10, member => member.Type == typeof(uint) ? () => member.Owner[member.Name] = -1 : null);

    [Fact]
    public void Should_refuse_a_number_for_text() =>
        ShouldRefuseInAll(atLeast: 20, member => member.Type == typeof(string) && !member.IsList ? () => member.Owner[member.Name] = 7 : null);

    [Theory]
    [InlineData("4c4a6742")]
    [InlineData("")]
    [InlineData("not a payout id")]
    public void Should_refuse_an_id_that_is_none(string text) => ShouldRefuseInAll(
        atLeast: 15, member => member.Type == typeof(PayoutId) || member.Type == typeof(Guid) ? () => member.Owner[member.Name] = text : null);

    [Fact]
    public void Should_refuse_a_time_that_is_none() =>
        ShouldRefuseInAll(atLeast: 4, member => member.Type == typeof(DateTimeOffset) ? () => member.Owner[member.Name] = "tomorrow" : null);

    [Fact]
    public void Should_refuse_a_single_part_where_a_list_must_be() =>
        ShouldRefuseInAll(atLeast: 5, member => member.IsList ? () => member.Owner[member.Name] = member.Owner[member.Name]![0]!.DeepClone() : null);

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Should_refuse_what_is_no_object(string contract)
    {
        foreach (var text in new[] { "", "[]", "7", "\"text\"", "{", "{}", Samples.Read(contract).ToJsonString()[..^1] })
        {
            Should.Throw<JsonException>(() => Samples.Deserialize(contract, text), text);
        }
    }

    private static void ShouldRefuseInAll(int atLeast, Func<SampleMember, Action?> change)
    {
        var tried = ContractTypes.Messages.Sum(type => CountRefused(type.Name, change));
        tried.ShouldBeGreaterThanOrEqualTo(atLeast, "so few members were tried that the test proves nothing");
    }

    private static void ShouldRefuse(string contract, int atLeast, Func<SampleMember, Action?> change) =>
        CountRefused(contract, change).ShouldBeGreaterThanOrEqualTo(atLeast);

    private static int CountRefused(string contract, Func<SampleMember, Action?> change)
    {
        var tried = 0;
        foreach (var (member, changed) in SampleMember.Change(contract, change))
        {
            var refusal = Should.Throw<JsonException>(() => Samples.Deserialize(contract, changed), $"{contract} {member} was read from {changed.ToJsonString()}");
            $"{refusal.Path} {refusal.Message}".ShouldContain(member.Name, Case.Insensitive, $"{contract} {member}");
            tried++;
        }

        return tried;
    }

    private static bool IsInteger(Type type) => type == typeof(int) || type == typeof(uint) || type == typeof(long);

    private static bool IsAmountText(SampleMember member) => Schemas.AmountTexts.Contains((member.Property.DeclaringType!.Name, member.Property.Name));
}
