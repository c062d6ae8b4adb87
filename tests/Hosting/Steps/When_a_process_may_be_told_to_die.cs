using Microsoft.Extensions.Configuration;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Steps;

namespace Payouts.Hosting.Tests.Steps;

/// <summary>PAYOUTS_FAULT_STEPS lets a process kill itself: never where money is real.</summary>
public sealed class When_a_process_may_be_told_to_die
{
    private const string PublicNetwork = "Public Global Stellar Network ; September 2015";
    private const string DevelopmentNetwork = "Standalone Network ; February 2017";

    [Fact]
    public void Should_watch_nothing_without_the_setting() => Read([]).Points.AreWatched.ShouldBeFalse();

    [Fact]
    public void Should_watch_on_a_development_network()
    {
        var (points, problems) = Read(new() { [SettingNames.FaultSteps] = Path.GetTempPath(), [SettingNames.NetworkPassphrase] = DevelopmentNetwork });
        problems.ShouldBeEmpty();
        points.AreWatched.ShouldBeTrue();
    }

    [Theory]
    [InlineData(PublicNetwork)]
    [InlineData(null)]
    public void Should_refuse_the_public_network_and_an_unnamed_one(string? passphrase) =>
        Read(new() { [SettingNames.FaultSteps] = Path.GetTempPath(), [SettingNames.NetworkPassphrase] = passphrase })
            .Problems.ShouldHaveSingleItem().ShouldContain(SettingNames.FaultSteps);

    [Fact]
    public void Should_refuse_a_folder_that_is_not_there() =>
        Read(new() { [SettingNames.FaultSteps] = Path.Combine(Path.GetTempPath(), "payouts-no-such-folder"), [SettingNames.NetworkPassphrase] = DevelopmentNetwork })
            .Problems.ShouldHaveSingleItem().ShouldContain("folder");

    private static (IStepPoints Points, IReadOnlyList<string> Problems) Read(Dictionary<string, string?> values)
    {
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        var points = FaultSteps.Read(settings);
        try
        {
            settings.ThrowIfWrong();
            return (points, []);
        }
        catch (SettingsException wrong)
        {
            return (points, wrong.Problems);
        }
    }
}
