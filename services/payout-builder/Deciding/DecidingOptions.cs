using Payouts.Hosting.Configuration;

namespace Payouts.Builder.Deciding;

/// <summary>How many people it takes.</summary>
/// <param name="FourEyes">True: a second person approves.</param>
/// <param name="ApprovalMax">How long a proposal waits for that.</param>
public sealed record DecidingOptions(bool FourEyes, TimeSpan ApprovalMax)
{
    /// <summary>Reads the settings; problems are collected in <paramref name="settings"/>.</summary>
    public static DecidingOptions Read(Settings settings) => new(
        settings.Flag(SettingNames.FourEyes, fallback: false),
        TimeSpan.FromSeconds(settings.Number(SettingNames.DecisionSeconds, 3600, 60, 7 * 24 * 3600)));
}
