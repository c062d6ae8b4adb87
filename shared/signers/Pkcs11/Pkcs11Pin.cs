using System.Security.Cryptography;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Payouts.Signers.Pkcs11;

/// <summary>
/// The user PIN. A token locks itself after a few wrong ones, so a PIN that was refused is not shown to it again: the file must change first.
/// </summary>
internal sealed class Pkcs11Pin(string file)
{
    private readonly Lock _gate = new();
    private byte[]? _refused;

    /// <summary>Logs the process in at the session's token; that it is logged in already is fine.</summary>
    /// <exception cref="SigningFailedException">No PIN, or the token refuses it.</exception>
    public void Login(ISession session)
    {
        // One at a time: several sessions with the same wrong PIN would be several wrong tries.
        lock (_gate)
        {
            var pin = Read();
            try
            {
                if (_refused is not null && CryptographicOperations.FixedTimeEquals(_refused, SHA256.HashData(pin)))
                    throw new SigningFailedException(SigningProblem.PinRefused, $"the token refused the PIN in {file}; it is not tried again before the file changes");
                session.Login(CKU.CKU_USER, pin);
            }
            catch (Pkcs11Exception failure) when (failure.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
            {
                return; // Another session of this process was first: the token knows processes, not sessions.
            }
            catch (Pkcs11Exception failure) when (Pkcs11Errors.ProblemOf(failure.RV) == SigningProblem.PinRefused)
            {
                _refused = SHA256.HashData(pin);
                throw new SigningFailedException(SigningProblem.PinRefused, $"the token does not accept the PIN in {file}: {failure.RV}", failure);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(pin);
            }

            _refused = null;
        }
    }

    private byte[] Read()
    {
        try
        {
            var pin = Encoding.UTF8.GetBytes(File.ReadAllText(file).TrimEnd('\r', '\n'));
            return pin.Length > 0 ? pin : throw new SigningFailedException(SigningProblem.CredentialsRefused, $"the PIN file {file} is empty");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SigningFailedException(SigningProblem.CredentialsRefused, $"the PIN file {file} cannot be read: {failure.Message}", failure);
        }
    }
}
