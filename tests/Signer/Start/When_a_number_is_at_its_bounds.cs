using System.Globalization;
using Microsoft.Extensions.Configuration;
using Payouts.Hosting.Configuration;
using Payouts.Signer.Configuration;
using Payouts.Signer.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Start;

/// <summary>Every numeric setting of payout-signer: the lowest and the highest are taken as they are, one beyond either stops the start.</summary>
public sealed class When_a_number_is_at_its_bounds
{
    [Theory]
    [InlineData("PAYOUTS_MAX_GAS_STROOPS", 100, 4_294_967_295)]
    public void Should_be_taken_and_refused_one_beyond(string key, long lowest, long highest)
    {
        foreach (var taken in new[] { lowest, highest })
            Start(key, taken).FeeStroopsMax.ShouldBe(taken);
        foreach (var refused in new[] { lowest - 1, highest + 1 })
            Should.Throw<SettingsException>(() => Start(key, refused)).Problems.ShouldBe([string.Create(CultureInfo.InvariantCulture, $"{key} must be a whole number from {lowest} to {highest}")]);
    }

    private static SignerPolicy Start(string key, long value)
    {
        var values = new Installation().Settings("sqlite:unused.db");
        values[key] = value.ToString(CultureInfo.InvariantCulture);
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        var (policy, keys, _) = SignerSettings.Read(settings);
        keys.Dispose();
        settings.ThrowIfWrong();
        return policy;
    }
}
