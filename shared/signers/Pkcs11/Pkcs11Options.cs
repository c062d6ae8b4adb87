namespace Payouts.Signers.Pkcs11;

/// <summary>Where the key is, in the words of PKCS#11.</summary>
public sealed record Pkcs11Options
{
    /// <summary>Path of the vendor's library, such as libsofthsm2.so.</summary>
    public required string ModulePath { get; init; }

    /// <summary>CKA_LABEL of the token; it must be the only one so labelled.</summary>
    public required string TokenLabel { get; init; }

    /// <summary>Path of the file with the user PIN; read at every login, so that a new PIN needs no restart.</summary>
    public required string PinFile { get; init; }

    /// <summary>CKA_LABEL of the key pair; null: any.</summary>
    public string? KeyLabel { get; init; }

    /// <summary>CKA_ID of the key pair; null: any. Label or id must be given.</summary>
    public IReadOnlyList<byte>? KeyId { get; init; }

    /// <summary>Sessions open at once.</summary>
    public int SessionsMax { get; init; } = 8;

    /// <summary>The key as messages name it.</summary>
    public string KeyName => string.Join(" and ", new[]
    {
        KeyLabel is null ? null : $"label \"{KeyLabel}\"",
        KeyId is null ? null : $"id {Convert.ToHexStringLower([.. KeyId])}",
    }.Where(part => part is not null));
}
