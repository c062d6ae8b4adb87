using System.Collections.Frozen;
using MassTransit;
using Payouts.Contracts;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// How contracts travel: plain JSON bodies, the contract's URN in a header, one exchange per contract. Commands must find a queue:
/// the broker returns a command that nobody would get, and the relay keeps it.
/// </summary>
public static class Wire
{
    /// <summary>The content type of every message we send.</summary>
    public const string ContentType = "application/json";

    private static readonly FrozenDictionary<string, Type> TypesByUrn = typeof(BuildPayout).Assembly.GetExportedTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetProperties().Length > 0)
        .ToFrozenDictionary(UrnOf);

    // SigningRequested is not among them: a signer that asks over HTTP has no queue, and a request that finds none is asked again.
    private static readonly FrozenSet<Type> MustBeRouted = new[]
    {
        typeof(BuildPayout), typeof(AuthorizePayout), typeof(SignPayout), typeof(SubmitPayout), typeof(RetryPayout), typeof(CancelPayout),
        typeof(BurnSlot), typeof(SubmitBurn), typeof(SlotBurned), typeof(VerifyPayout), typeof(PayoutVerified), typeof(BumpFee), typeof(FeeBumped),
        typeof(WatchSlot), typeof(SlotProvenUnused),
        typeof(PayoutBuilt), typeof(PayoutSigned), typeof(PayoutSubmitted), typeof(PayoutConfirmed), typeof(PayoutFailed), typeof(PayoutExpired),
        typeof(PayoutUnresolved), typeof(PayoutSettled), typeof(RoundResolved), typeof(DirectPayoutOrdered), typeof(SigningCompleted), typeof(SigningRejected),
    }.ToFrozenSet();

    /// <summary>urn:message:Payouts.Contracts:Name, the contract's identity on the wire.</summary>
    public static string UrnOf(Type contract) => MessageUrn.ForTypeString(contract);

    /// <summary>The contract behind a URN.</summary>
    /// <exception cref="InvalidOperationException">A row of a newer or older version names a contract that this build does not have.</exception>
    public static Type TypeOf(string urn) => TypesByUrn.TryGetValue(urn, out var type) ? type
        : throw new InvalidOperationException($"the outbox holds a {urn}, a contract that this version does not know; run the version that wrote it");

    /// <summary>The URN of the contract that a queue such as payout-signer.signing-completed is named after, when it is one.</summary>
    public static string? UrnOfQueue(string queue)
    {
        var name = queue[(queue.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace("-", "", StringComparison.Ordinal);
        return TypesByUrn.FirstOrDefault(pair => string.Equals(pair.Value.Name, name, StringComparison.OrdinalIgnoreCase)).Key;
    }

    /// <summary>True for the URN of a contract that this build has.</summary>
    public static bool Knows(string urn) => TypesByUrn.ContainsKey(urn);

    /// <summary>True when a message without a bound queue would be a payout that stops: such a message waits in the outbox instead.</summary>
    public static bool IsMandatory(Type contract) => MustBeRouted.Contains(contract);
}
