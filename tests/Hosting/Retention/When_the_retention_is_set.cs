using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Retention;
using Payouts.Hosting.Tests.Support;

namespace Payouts.Hosting.Tests.Retention;

public sealed class When_the_retention_is_set
{
    [Theory]
    [InlineData(null, 400)]
    [InlineData("30", 30)]
    [InlineData("36500", 36_500)]
    public void Should_be_taken_at_its_bounds(string? days, int kept) => Read(days).Options.Kept.ShouldBe(TimeSpan.FromDays(kept));

    [Theory]
    [InlineData("29")]
    [InlineData("36501")]
    [InlineData("a year")]
    public void Should_stop_the_start_beyond_them(string days) =>
        Should.Throw<SettingsException>(() => Read(days).Settings.ThrowIfWrong()).Problems.ShouldBe(["PAYOUTS_RETENTION_DAYS must be a whole number from 30 to 36500"]);

    private static (RetentionOptions Options, Settings Settings) Read(string? days)
    {
        var values = new Dictionary<string, string?>();
        if (days is not null)
            values["PAYOUTS_RETENTION_DAYS"] = days;
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        var services = new ServiceCollection().AddRetention<SampleDb>(settings);
        return (services.BuildServiceProvider().GetRequiredService<RetentionOptions>(), settings);
    }
}
