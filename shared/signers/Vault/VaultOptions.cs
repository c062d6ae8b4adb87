namespace Payouts.Signers.Vault;

/// <summary>Where the key is in a Vault.</summary>
public sealed record VaultOptions
{
    /// <summary>Address of the server, or of an agent on this host.</summary>
    public required Uri Address { get; init; }

    /// <summary>Path of the file with the token; read again when it changes, as an agent renews it.</summary>
    public required string TokenFile { get; init; }

    /// <summary>Where the transit engine is mounted.</summary>
    public string Mount { get; init; } = "transit";

    /// <summary>Name of the key.</summary>
    public required string KeyName { get; init; }

    /// <summary>The one version that signs: a rotated key is another account.</summary>
    public required int KeyVersion { get; init; }

    /// <summary>Namespace of Vault Enterprise; null: none.</summary>
    public string? Namespace { get; init; }
}
