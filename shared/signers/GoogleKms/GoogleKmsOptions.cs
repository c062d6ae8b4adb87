namespace Payouts.Signers.GoogleKms;

/// <summary>Where the key is in Google Cloud KMS. Credentials are the application default ones.</summary>
public sealed record GoogleKmsOptions
{
    /// <summary>projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N: the version is part of the name, because another version is another account.</summary>
    public required string KeyVersion { get; init; }

    /// <summary>Another endpoint than the public one, such as a private one; TLS.</summary>
    public Uri Endpoint { get; init; } = new("https://cloudkms.googleapis.com");
}
