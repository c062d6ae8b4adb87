using System.Globalization;
using Microsoft.Extensions.Configuration;
using Payouts.Builder.Deciding;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Tests.Support;
using Payouts.Hosting.Configuration;

namespace Payouts.Builder.Tests.Start;

/// <summary>Every numeric setting of payout-builder: the lowest and the highest are taken as they are, one beyond either stops the start.</summary>
public sealed class When_a_number_is_at_its_bounds
{
    private sealed record Read(BuilderOptions Builder, ReconcilingOptions Reconciling, DecidingOptions Deciding);

    private static readonly Dictionary<string, Func<Read, double>> Values = new(StringComparer.Ordinal)
    {
        ["PAYOUTS_AUTHORIZATION_SECONDS"] = x => (long)x.Builder.AuthorizationValidity.TotalSeconds,
        ["PAYOUTS_RECIPIENTS_MAX"] = x => x.Builder.RecipientsMax,
        ["PAYOUTS_LANE_DEPTH"] = x => x.Builder.LaneDepth,
        ["PAYOUTS_LANE_HEAD_WAIT_SECONDS"] = x => x.Builder.LaneHeadWait.TotalSeconds,
        ["PAYOUTS_CHANNEL_REST_SECONDS"] = x => x.Builder.ChannelRest.TotalSeconds,
        ["PAYOUTS_MAX_GAS_STROOPS"] = x => x.Builder.FeeMaxStroops,
        ["PAYOUTS_MAX_ATTEMPTS"] = x => x.Builder.AttemptsMax,
        ["PAYOUTS_VALIDITY_SECONDS"] = x => x.Builder.Validity.TotalSeconds,
        ["PAYOUTS_DECISION_SECONDS"] = x => x.Deciding.ApprovalMax.TotalSeconds,
        ["PAYOUTS_RECONCILE_POLL_MS"] = x => x.Reconciling.PollInterval.TotalMilliseconds,
        ["PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS"] = x => x.Reconciling.UnconfirmedMax.TotalSeconds,
    };

    [Theory]
    [InlineData("PAYOUTS_AUTHORIZATION_SECONDS", 600, 2592000)]
    [InlineData("PAYOUTS_RECIPIENTS_MAX", 1, 200)]
    [InlineData("PAYOUTS_LANE_DEPTH", 1, 100)]
    [InlineData("PAYOUTS_LANE_HEAD_WAIT_SECONDS", 1, 604_800)]
    [InlineData("PAYOUTS_CHANNEL_REST_SECONDS", 0, 3_600)]
    [InlineData("PAYOUTS_MAX_GAS_STROOPS", 100, 4_294_967_295)]
    [InlineData("PAYOUTS_MAX_ATTEMPTS", 1, 100)]
    [InlineData("PAYOUTS_VALIDITY_SECONDS", 10, 604_800)]
    [InlineData("PAYOUTS_DECISION_SECONDS", 60, 604_800)]
    [InlineData("PAYOUTS_RECONCILE_POLL_MS", 50, 60_000)]
    [InlineData("PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS", 60, 86_400)]
    public void Should_be_taken_and_refused_one_beyond(string key, long lowest, long highest)
    {
        foreach (var taken in new[] { lowest, highest })
            Values[key](Start(key, taken)).ShouldBe(taken);
        foreach (var refused in new[] { lowest - 1, highest + 1 })
            Should.Throw<SettingsException>(() => Start(key, refused)).Problems.ShouldBe([string.Create(CultureInfo.InvariantCulture, $"{key} must be a whole number from {lowest} to {highest}")]);
    }

    private static Read Start(string key, long value)
    {
        var values = Sample.Settings("sqlite:unused.db");
        values["PAYOUT_CHANNEL_ACCOUNTS"] = Sample.Account("channel");
        values["PAYOUT_ARGUMENT_LAYOUT"] = key == "PAYOUTS_RECIPIENTS_MAX" ? "ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol" : null;
        values[key] = value.ToString(CultureInfo.InvariantCulture);
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(values.Where(x => x.Value is not null)).Build());
        var builder = BuilderOptions.Read(settings);
        var read = new Read(builder, ReconcilingOptions.Read(settings, builder), DecidingOptions.Read(settings));
        settings.ThrowIfWrong();
        return read;
    }
}
