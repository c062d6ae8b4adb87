using System.Globalization;
using System.Text.Json.Nodes;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Payouts.Tests.Contracts;

public sealed class When_the_schemas_are_generated
{
    private const string UpdateVariable = "PAYOUTS_TEST_UPDATE";
    private const string Command = "PAYOUTS_TEST_UPDATE=1 ./test.sh Contracts";

    public static TheoryData<string> MessageNames => ContractTypes.MessageNames;

    private static bool Updating => Environment.GetEnvironmentVariable(UpdateVariable) == "1";

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Should_equal_the_committed_one(string contract)
    {
        var path = Path.Combine(Schemas.Folder, contract + ".json");
        var generated = Schemas.TextOf(ContractTypes.Named(contract));
        if (Updating)
        {
            Directory.CreateDirectory(Schemas.Folder);
            File.WriteAllText(path, generated);
        }

        (File.Exists(path) ? File.ReadAllText(path) : "(no file)").ShouldBe(generated, $"docs/schemas/{contract}.json is not what the contract says; after a deliberate change run: {Command}");
    }

    [Fact]
    public void Should_commit_no_other_schema() => Directory.GetFiles(Schemas.Folder).Select(path => Path.GetFileNameWithoutExtension(path)!)
        .Order(StringComparer.Ordinal).ShouldBe(ContractTypes.Messages.Select(type => type.Name));

    [Theory]
    [MemberData(nameof(MessageNames))]
    public async Task Should_accept_the_sample(string contract) =>
        (await ValidateAsync(contract, Samples.Read(contract))).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(MessageNames))]
    public async Task Should_refuse_a_sample_without_a_required_member(string contract)
    {
        foreach (var (member, changed) in SampleMember.Change(contract, member => ContractTypes.IsRequired(member.Property) ? () => member.Owner.Remove(member.Name) : null))
        {
            (await ValidateAsync(contract, changed)).ShouldContain(error => error.Contains(member.Name, StringComparison.Ordinal), $"{contract} {member}");
        }
    }

    [Fact]
    public async Task Should_refuse_amounts_that_no_debt_can_have()
    {
        var tried = 0;
        foreach (var bad in new JsonNode[] { "-1", "1.00000001", ".5", "1.", "1e3", "", " 1", "+1", 12.5m })
        {
            foreach (var contract in ContractTypes.Messages)
            {
                foreach (var (member, changed) in SampleMember.Change(contract.Name, member => IsAmount(member) ? () => member.Owner[member.Name] = bad.DeepClone() : null))
                {
                    (await ValidateAsync(contract.Name, changed)).ShouldContain(error => error.Contains(member.Name, StringComparison.Ordinal), $"{contract.Name} {member} {bad.ToJsonString()}");
                    tried++;
                }
            }
        }

        tried.ShouldBeGreaterThan(9 * 10);
    }

    [Fact]
    public async Task Should_refuse_wrong_names_ids_and_numbers()
    {
        var tried = 0;
        foreach (var contract in ContractTypes.Messages)
        {
            foreach (var (member, changed) in SampleMember.Change(contract.Name, member => WrongFor(member) is { } wrong ? () => member.Owner[member.Name] = wrong : null))
            {
                (await ValidateAsync(contract.Name, changed)).ShouldContain(error => error.Contains(member.Name, StringComparison.Ordinal), $"{contract.Name} {member}");
                tried++;
            }
        }

        tried.ShouldBeGreaterThan(40);
    }

    private static JsonNode? WrongFor(SampleMember member) =>
        member.Type.IsEnum ? "SomethingElse"
        : member.Type == typeof(PayoutId) || member.Type == typeof(Guid) ? "no id"
        : member.Type == typeof(uint) ? -1
        : member.Type == typeof(DateTimeOffset) ? "tomorrow"
        : null;

    private static bool IsAmount(SampleMember member) =>
        member.Type == typeof(Stroops) || Schemas.AmountTexts.Contains((member.Property.DeclaringType!.Name, member.Property.Name));

    private static async Task<IReadOnlyList<string>> ValidateAsync(string contract, JsonObject message)
    {
        var schema = await JsonSchema.FromJsonAsync(Schemas.TextOf(ContractTypes.Named(contract)));
        return [.. schema.Validate(message.ToJsonString()).SelectMany(Flatten).Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Path} {error.Kind} {error.Property}"))];
    }

    private static IEnumerable<ValidationError> Flatten(ValidationError error) => error switch
    {
        ChildSchemaValidationError parts => parts.Errors.Values.SelectMany(inner => inner).SelectMany(Flatten),
        MultiTypeValidationError types => types.Errors.Values.SelectMany(inner => inner).SelectMany(Flatten),
        _ => [error],
    };
}
