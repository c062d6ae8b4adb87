using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Signer.Answers;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Signers.Configuration;
using Payouts.Signers.Requests;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Docs;

public sealed partial class When_the_signing_guide_is_read
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "signing.md"));
    private readonly Installation _installation = new();

    [Fact]
    public void Should_show_json_that_is_each_contract_to_the_letter()
    {
        var examples = Examples().ToList();
        examples.Select(x => x.Contract).Order().ShouldBe(["SigningCompleted", "SigningCompleted", "SigningRejected", "SigningRequested"]);
        Guide.Split("```json\n").Length.ShouldBe(examples.Count + 1, "every JSON example names its contract");
        foreach (var (contract, json) in examples)
        {
            var type = typeof(SigningRequested).Assembly.GetType($"Payouts.Contracts.{contract}").ShouldNotBeNull();
            var read = JsonSerializer.Deserialize(json, type, ContractsJson.Options);
            // Writing it back shows that no field is misspelt, missing or of another form.
            JsonNode.DeepEquals(JsonNode.Parse(JsonSerializer.Serialize(read, type, ContractsJson.Options)), JsonNode.Parse(json)).ShouldBeTrue(contract);
        }
    }

    [Fact]
    public void Should_show_a_request_that_passes_the_checks_it_tells_of() =>
        RequestCheck.WhyNot(Request(), new RequestPolicy(_installation.Network, _installation.PayoutKey.AccountId)).ShouldBeNull();

    [Fact]
    public void Should_show_answers_that_payout_signer_takes()
    {
        var request = Request();
        var stored = new SignRequest { TransactionHash = request.TransactionHash, UnsignedXdr = request.UnsignedXdr, Channel = request.Intent.Channel! };
        foreach (var (_, json) in Examples().Where(x => x.Contract == nameof(SigningCompleted)))
        {
            var shown = JsonSerializer.Deserialize<SigningCompleted>(json, ContractsJson.Options)!;
            shown.RequestId.ShouldBe(request.RequestId);
            new AnswerCheck(_installation.Policy, _installation.Keys())
                .Check(stored, new Answer { TransactionHash = shown.TransactionHash, SignedXdr = shown.SignedXdr, Signatures = shown.Signatures })
                .ShouldBeOfType<AnswerVerdict.Good>();
        }
    }

    [Fact]
    public void Should_explain_every_refusal_and_none_that_does_not_exist()
    {
        var table = Guide.Split("## What refusals mean")[1].Split("\n## ")[0];
        var explained = Code().Matches(table).Select(match => match.Groups[1].Value);
        explained.ShouldBe([.. Enum.GetNames<AnswerProblem>(), "MessageIdMissing", "BodyUnreadable"], ignoreOrder: true);
    }

    [Fact]
    public void Should_name_every_provider_and_every_setting_of_them()
    {
        var section = Guide.Split("## Signers in the box")[1].Split("\n## ")[0];
        string[] fromFile = [SettingNames.SignerPkcs11Pin, SettingNames.SignerVaultToken];
        var settings = SettingNames.All.Where(name => name.StartsWith("SIGNER_", StringComparison.Ordinal)).Select(name => fromFile.Contains(name) ? $"{name}_FILE" : name).ToList();
        settings.Count.ShouldBeGreaterThan(15);
        foreach (var name in settings.Concat(SigningProviders.Names))
            section.ShouldContain($"`{name}`");
    }

    private static SigningRequested Request() =>
        JsonSerializer.Deserialize<SigningRequested>(Examples().Single(x => x.Contract == nameof(SigningRequested)).Json, ContractsJson.Options)!;

    private static IEnumerable<(string Contract, string Json)> Examples() => Example().Matches(Guide).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    [GeneratedRegex(@"<!-- contract: (\w+) -->\n```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Code();
}
