using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Signer.Policies;

/// <summary>Reads PAYOUTS_SIGNING_POLICY_FILE. Whatever is misspelt, of another type or contradicts itself stops the start by name.</summary>
public static class SigningPolicyFile
{
    private const int ApprovalsMax = 5;
    private const int VersionLengthMax = 100;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>Reads the text of the file.</summary>
    /// <exception cref="FormatException">Names the member that is wrong, and what would be right.</exception>
    public static SigningPolicy Parse(string json)
    {
        PolicyJson file;
        try
        {
            file = JsonSerializer.Deserialize<PolicyJson>(json, Strict) ?? throw new FormatException("it is null; a JSON object is right");
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"{wrong.Path ?? "$"}: {wrong.Message.Split(". Path:")[0]}", wrong);
        }

        Require(file.Version is { Length: > 0 and <= VersionLengthMax }, "version", $"your own name of this policy, 1 to {VersionLengthMax} characters");
        Require(file.Currencies is { Count: > 0 }, "currencies", "at least one currency with its limits, such as {\"XLM\": {\"perPayout\": \"1000\"}}");
        return new SigningPolicy
        {
            Version = file.Version!,
            Currencies = file.Currencies!.ToDictionary(x => x.Key, x => Limits($"currencies.{x.Key}", x.Value), StringComparer.Ordinal),
            Direct = file.Direct?.ToDictionary(x => x.Key, x => Direct($"direct.{x.Key}", x.Value, file.Currencies!), StringComparer.Ordinal),
            Hours = file.Hours is { } hours ? Hours(hours) : null,
            Denied = Accounts("destinations.denied", file.Destinations?.Denied) ?? new HashSet<string>(),
            Listed = Accounts("destinations.listed", file.Destinations?.Listed),
        };
    }

    private static CurrencyLimits Limits(string at, LimitsJson? json)
    {
        Require(json is not null, at, "an object; {} is a currency without limits");
        var limits = new CurrencyLimits
        {
            PerPayout = Amount($"{at}.perPayout", json!.PerPayout),
            PerRound = Amount($"{at}.perRound", json.PerRound),
            PerHour = Amount($"{at}.perHour", json.PerHour),
            PerDay = Amount($"{at}.perDay", json.PerDay),
            ApproveAbove = Amount($"{at}.approveAbove", json.ApproveAbove),
            Approvals = json.Approvals ?? 2,
        };
        Require(limits.Approvals is >= 1 and <= ApprovalsMax, $"{at}.approvals", $"1 to {ApprovalsMax} people");
        // A limit below a narrower one would make payouts wait for ever that the narrower one allows.
        Require(AtMost(limits.PerPayout, limits.PerHour), $"{at}.perPayout", "at most perHour");
        Require(AtMost(limits.PerPayout, limits.PerDay), $"{at}.perPayout", "at most perDay");
        Require(AtMost(limits.PerPayout, limits.PerRound), $"{at}.perPayout", "at most perRound");
        Require(AtMost(limits.PerHour, limits.PerDay), $"{at}.perHour", "at most perDay");
        return limits;
    }

    private static DirectLimits Direct(string at, DirectJson? json, Dictionary<string, LimitsJson?> currencies)
    {
        Require(json is not null, at, "an object; {} is a currency in which one person approves each direct payout");
        Require(currencies.ContainsKey(at["direct.".Length..]), at, "a currency that currencies names");
        var limits = new DirectLimits { PerPayout = Amount($"{at}.perPayout", json!.PerPayout), PerDay = Amount($"{at}.perDay", json.PerDay), Approvals = json.Approvals ?? 1 };
        Require(limits.Approvals is >= 0 and <= ApprovalsMax, $"{at}.approvals", $"0 to {ApprovalsMax} people");
        Require(AtMost(limits.PerPayout, limits.PerDay), $"{at}.perPayout", "at most perDay");
        return limits;
    }

    private static OpenHours Hours(HoursJson json)
    {
        if (json.Zone is null || !TimeZoneInfo.TryFindSystemTimeZoneById(json.Zone, out var zone))
            throw Wrong("hours.zone", "a time zone of the tz database, such as UTC or Europe/Vienna");
        var days = (json.Days ?? []).Select(day => Enum.GetValues<DayOfWeek>().Where(x => x.ToString().StartsWith(day ?? "-", StringComparison.OrdinalIgnoreCase) && day!.Length >= 3).ToList()).ToList();
        Require(days.Count > 0 && days.TrueForAll(x => x.Count == 1), "hours.days", "a list of Mon, Tue, Wed, Thu, Fri, Sat, Sun");
        var (from, to) = (Time("hours.from", json.From), Time("hours.to", json.To));
        Require(from != to, "hours.to", "another time than hours.from");
        return new OpenHours(zone, days.Select(x => x[0]).ToHashSet(), from, to);
    }

    private static TimeOnly Time(string at, string? text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        ? time : throw Wrong(at, "a time such as 08:00");

    private static Stroops? Amount(string at, string? text)
    {
        if (text is null)
            return null;
        try
        {
            return Stroops.Parse(text) is { IsPositive: true } amount ? amount : throw Wrong(at, "an amount above zero");
        }
        catch (FormatException wrong) when (wrong.InnerException is null && !wrong.Message.StartsWith(at, StringComparison.Ordinal))
        {
            throw Wrong(at, "decimal text with at most 7 decimals, such as \"12.5\"");
        }
    }

    private static HashSet<string>? Accounts(string at, IReadOnlyList<string?>? accounts)
    {
        if (accounts is null)
            return null;
        var wrong = accounts.FirstOrDefault(x => x is null || !AccountId.TryParse(x, out _));
        return wrong is null && !accounts.Contains(null) ? accounts.Select(x => x!).ToHashSet(StringComparer.Ordinal) : throw Wrong(at, "a list of accounts, G...");
    }

    private static bool AtMost(Stroops? narrow, Stroops? wide) => narrow is not { } less || wide is not { } more || less <= more;

    private static void Require(bool holds, string at, string right)
    {
        if (!holds)
            throw Wrong(at, right);
    }

    private static FormatException Wrong(string at, string right) => new($"{at}: {right} is right");

    private sealed record PolicyJson(string? Version, Dictionary<string, LimitsJson?>? Currencies, Dictionary<string, DirectJson?>? Direct, HoursJson? Hours, DestinationsJson? Destinations);

    private sealed record LimitsJson(string? PerPayout, string? PerRound, string? PerHour, string? PerDay, string? ApproveAbove, int? Approvals);

    private sealed record DirectJson(string? PerPayout, string? PerDay, int? Approvals);

    private sealed record HoursJson(string? Zone, IReadOnlyList<string?>? Days, string? From, string? To);

    private sealed record DestinationsJson(IReadOnlyList<string?>? Denied, IReadOnlyList<string?>? Listed);
}
