namespace Payouts.Signers.Configuration;

/// <summary>A provider as the settings choose it; nothing is connected yet.</summary>
/// <param name="Name">From <see cref="SigningProviders"/>.</param>
/// <param name="Limits">Bounds.</param>
/// <param name="Create">Makes the adapter.</param>
public sealed record SigningProvider(string Name, SigningLimits Limits, Func<TimeProvider, ISigningKey> Create);
