namespace Payouts.Signers.Vault;

/// <summary>The token in its file: an agent writes a new one before the old one ends.</summary>
internal sealed class VaultToken(string file)
{
    private sealed record Known(DateTime WrittenAt, string Value);

    private volatile Known? _known;

    /// <summary>The token as the file holds it now.</summary>
    /// <exception cref="SigningFailedException">There is none.</exception>
    public string Read()
    {
        try
        {
            var writtenAt = File.GetLastWriteTimeUtc(file);
            if (_known is { } known && known.WrittenAt == writtenAt)
                return known.Value;
            var value = File.ReadAllText(file).Trim();
            if (value.Length == 0 || value.Any(c => c is <= ' ' or > '~'))
                throw new SigningFailedException(SigningProblem.CredentialsRefused, $"the token file {file} holds no token");
            _known = new Known(writtenAt, value);
            return value;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SigningFailedException(SigningProblem.CredentialsRefused, $"the token file {file} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>The token was refused: the file is read next time whatever its date says.</summary>
    public void Forget() => _known = null;
}
