using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Stellar;

namespace Payouts.Builder;

/// <summary>What payout-builder was told at its start.</summary>
public sealed record BuilderOptions
{
    /// <summary>The network that is paid on.</summary>
    public required Network Network { get; init; }

    /// <summary>The contract as this installation calls it.</summary>
    public required PayoutContractCall Contract { get; init; }

    /// <summary>The account whose authority pays.</summary>
    public required AccountId SourceAccount { get; init; }

    /// <summary>Transaction sources; the source account itself when none was given.</summary>
    public required IReadOnlyList<AccountId> Channels { get; init; }

    /// <summary>False: payouts end as Built.</summary>
    public required bool LiveExecution { get; init; }

    /// <summary>What the external signer signs.</summary>
    public SigningForm Form { get; init; } = SigningForm.Envelope;

    /// <summary>How long an authorization counts, by the ledgers' mean time.</summary>
    public TimeSpan AuthorizationValidity { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether payouts are authorized before they get a slot. With execution off nobody is asked to sign anything.</summary>
    public bool Authorizes => Form == SigningForm.Authorization && LiveExecution;

    /// <summary>The most one transaction may cost, in stroops of the native asset.</summary>
    public required long FeeMaxStroops { get; init; }

    /// <summary>The bid of a transaction that burns a slot, in stroops: far above the usual price, for it comes when things go wrong.</summary>
    public long BurnFeeStroops => Math.Min(10_000, FeeMaxStroops);

    /// <summary>
    /// The most that the resources of a restoring transaction may cost, in stroops: its inclusion fee is that of a burn, and a fee bump, which counts
    /// one operation more, still fits under the cap.
    /// </summary>
    public long RestoreFeeMaxStroops => FeeMaxStroops - (2 * BurnFeeStroops);

    /// <summary>Restoring transactions that one payout may ask for before a human looks at it.</summary>
    public int RestoresMax => 3;

    /// <summary>Whether payout-signer holds the account's key and may consume its slots: the key of the payout source itself is outside.</summary>
    public bool CanBurn(string channel) => channel != SourceAccount.ToString();

    /// <summary>Builds before a human decides.</summary>
    public required int AttemptsMax { get; init; }

    /// <summary>How long a built transaction stays valid.</summary>
    public required TimeSpan Validity { get; init; }

    /// <summary>Winners of one round whom one transaction pays at most.</summary>
    public int RecipientsMax { get; init; } = 1;

    /// <summary>Slots that one lane may hold at once.</summary>
    public int LaneDepth { get; init; } = 1;

    /// <summary>How long a signed payout waits behind an unsigned one before the unsigned one's slot is burned.</summary>
    public TimeSpan LaneHeadWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a lane rests after an uncertain outcome.</summary>
    public TimeSpan ChannelRest { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>As many as the network's limit on events lets one transaction pay, whatever the asset.</summary>
    private const int DefaultRecipients = 40;

    private static SigningForm ReadForm(string text) => text switch
    {
        "envelope" => SigningForm.Envelope,
        "authorization" => SigningForm.Authorization,
        _ => throw new FormatException($"\"{text}\" is no form"),
    };

    /// <summary>Reads the settings; problems are collected in <paramref name="settings"/>.</summary>
    public static BuilderOptions Read(Settings settings)
    {
        var source = settings.Parsed(SettingNames.SourceAccount, text => AccountId.Parse(text), "the payout source account, G...");
        var channels = settings.Parsed(SettingNames.ChannelAccounts, ChannelKeys.ParseAccounts, "channel accounts, G..., comma separated", fallback: "");
        var contract = settings.Parsed(SettingNames.ContractId, text => ContractId.Parse(text), "the payout contract, C...");
        var layout = settings.Parsed(SettingNames.ArgumentLayout, PayoutArgumentLayout.Parse, "an argument layout", PayoutArgumentLayout.DefaultText);
        var recipients = (int)settings.Number(SettingNames.RecipientsMax, layout is { Shape: not PayoutShape.Single } ? DefaultRecipients : 1, 1, 200);
        if (recipients > 1 && layout is { Shape: PayoutShape.Single })
            settings.Refuse($"{SettingNames.RecipientsMax} is {recipients}, but the method takes one winner a call; write 1, or a {SettingNames.ArgumentLayout} with a list");
        var depth = (int)settings.Number(SettingNames.LaneDepth, 1, 1, 100);
        if (depth > 1 && channels is not { Count: > 0 })
            settings.Refuse($"{SettingNames.LaneDepth} is {depth}, but there are no {SettingNames.ChannelAccounts}: the payout source's own slots cannot be burned here, so one unsigned payout would stop all behind it; write 1");
        var form = settings.Parsed(SettingNames.SigningForm, ReadForm, "envelope or authorization", "envelope");
        if (form == SigningForm.Authorization && (channels is not { Count: > 0 } || channels.Contains(source)))
            settings.Refuse($"{SettingNames.SigningForm} is authorization, but {SettingNames.ChannelAccounts} lists no accounts other than {SettingNames.SourceAccount}: an authorized call comes from a channel; list some");
        if (form == SigningForm.Authorization && (recipients > 1 || layout is { Shape: PayoutShape.Prize }))
            settings.Refuse($"{SettingNames.SigningForm} is authorization, and each authorization pays one winner; write {SettingNames.RecipientsMax}=1 and a {SettingNames.ArgumentLayout} that takes one");
        return new BuilderOptions
        {
            Form = form,
            AuthorizationValidity = TimeSpan.FromSeconds(settings.Number(SettingNames.AuthorizationSeconds, 24 * 3600, 600, 30 * 24 * 3600)),
            RecipientsMax = recipients,
            LaneDepth = depth,
            LaneHeadWait = TimeSpan.FromSeconds(settings.Number(SettingNames.LaneHeadWaitSeconds, 30, 1, 7 * 24 * 3600)),
            ChannelRest = TimeSpan.FromSeconds(settings.Number(SettingNames.ChannelRestSeconds, 6, 0, 3600)),
            Network = new Network(settings.Required(SettingNames.NetworkPassphrase, "the network's passphrase")),
            Contract = settings.Parsed(SettingNames.MethodName, method => new PayoutContractCall(contract, method, layout), "a contract method", PayoutContractCall.DefaultMethod),
            SourceAccount = source,
            Channels = channels is { Count: > 0 } ? channels : [source],
            LiveExecution = settings.Flag(SettingNames.LiveExecution, fallback: false),
            FeeMaxStroops = settings.Number(SettingNames.MaxGasStroops, 2_000_000, 100, uint.MaxValue),
            AttemptsMax = (int)settings.Number(SettingNames.MaxAttempts, 5, 1, 100),
            Validity = TimeSpan.FromSeconds(settings.Number(SettingNames.ValiditySeconds, 300, 10, 7 * 24 * 3600)),
        };
    }
}
