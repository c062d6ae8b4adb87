using System.Xml.Linq;

namespace Payouts.Tests.Architecture;

public sealed class When_arrows_are_judged
{
    [Fact]
    public void Should_find_only_allowed_arrows() => ArrowRules.Judge(ProjectGraph.Arrows).ShouldBeEmpty();

    [Theory]
    [InlineData("shared/contracts", "shared/stellar")]
    [InlineData("shared/contracts", "shared/hosting")]
    [InlineData("shared/stellar", "shared/contracts")]
    [InlineData("shared/hosting", "services/rounds")]
    [InlineData("services/rounds", "services/payout-builder")]
    [InlineData("services/payout-builder", "services/payout-submitter")]
    [InlineData("services/payout-signer", "tools/local-signer")]
    [InlineData("services/rounds", "tests/Support")]
    [InlineData("services/payout-builder", "shared/signers")]
    [InlineData("shared/hosting", "shared/signers")]
    [InlineData("shared/signers", "services/payout-signer")]
    [InlineData("services/signer-worker", "services/payout-signer")]
    [InlineData("tools/devnet", "shared/contracts")]
    [InlineData("tools/devnet", "shared/hosting")]
    [InlineData("tools/local-signer", "services/payout-signer")]
    [InlineData("tools/local-signer", "tools/devnet")]
    [InlineData("tools/channels", "services/payout-builder")]
    [InlineData("tools/channels", "services/payout-signer")]
    [InlineData("tools/channels", "tools/devnet")]
    [InlineData("tools/console", "shared/hosting")]
    [InlineData("tools/console", "services/rounds")]
    [InlineData("tools/run", "tools/channels")]
    [InlineData("tools/run", "tests/Support.Suite")]
    [InlineData("tools/run", "tools/bench")]
    [InlineData("tools/brand-new", "shared/stellar")]
    public void Should_catch_a_planted_arrow(string from, string to) => ArrowRules.Judge([new Arrow(from, to)]).ShouldHaveSingleItem().ShouldContain(from);

    [Theory]
    [InlineData("shared/hosting", "shared/stellar")]
    [InlineData("services/rounds", "shared/hosting")]
    [InlineData("services/payout-signer", "shared/signers")]
    [InlineData("services/signer-worker", "shared/signers")]
    [InlineData("tools/run", "services/payout-signer")]
    [InlineData("tools/channels", "shared/stellar")]
    [InlineData("tools/channels", "shared/hosting")]
    [InlineData("tests/Rounds", "services/rounds")]
    [InlineData("tools/bench", "tools/devnet")]
    public void Should_allow_what_the_house_is_made_of(string from, string to) => ArrowRules.Judge([new Arrow(from, to)]).ShouldBeEmpty();

    [Fact]
    public void Should_read_references_out_of_a_project_file()
    {
        const string text = """
            <Project><ItemGroup>
              <ProjectReference Include="../../shared/stellar/Stellar.csproj" />
              <ProjectReference Include="..\payout-signer\PayoutSigner.csproj" ReferenceOutputAssembly="false" />
            </ItemGroup></Project>
            """;
        ProjectGraph.ArrowsOf(new SourceFile("services/rounds/Planted.csproj", text))
            .ShouldBe([new Arrow("services/rounds", "shared/stellar"), new Arrow("services/rounds", "services/payout-signer")]);
        ProjectGraph.Arrows.Count().ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Should_know_every_project() => ProjectGraph.Projects.ShouldAllBe(project => ArrowRules.IsKnown(project));

    [Fact]
    public void Should_list_every_project_in_the_solution() => XDocument.Load(RepositoryRoot.PathOf("payouts.slnx")).Descendants("Project")
        .Select(project => project.Attribute("Path")!.Value).Order(StringComparer.Ordinal)
        .ShouldBe(ProjectGraph.ProjectFiles.Select(file => file.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void Should_keep_the_contracts_free_of_packages() =>
        ProjectGraph.PackagesOf(ProjectGraph.ProjectFiles.Single(file => file.Path == "shared/contracts/Contracts.csproj")).ShouldBeEmpty("a contract is plain data: any team can copy it");
}
