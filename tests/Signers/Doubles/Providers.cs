namespace Payouts.Signers.Tests.Doubles;

/// <summary>The doubles by name, for tests that hold for every provider.</summary>
internal static class Providers
{
    public static TheoryData<string> Names => ["vault", "aws-kms", "gcp-kms"];

    public static async Task<ProviderDouble> StartAsync(string name, CancellationToken cancellationToken)
    {
        ProviderDouble provider = name switch
        {
            "vault" => new VaultDouble(),
            "aws-kms" => new AwsKmsDouble(),
            _ => new GoogleKmsDouble(),
        };
        await provider.StartAsync(cancellationToken);
        return provider;
    }

    /// <summary>The adapter behind the guard, its public key proven.</summary>
    public static async Task<GuardedKey> ProvenAsync(this ProviderDouble provider, CancellationToken cancellationToken, SigningLimits? limits = null, TimeProvider? time = null)
    {
        var key = provider.CreateKey().Guard(provider.Key.AccountId, limits, time);
        (await key.ProveAsync(cancellationToken)).ShouldBeOfType<KeyState.Proven>();
        return key;
    }
}
