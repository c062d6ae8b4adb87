using System.Collections.Concurrent;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Payouts.Stellar;

namespace Payouts.Signers.Pkcs11;

/// <summary>
/// A key in an HSM behind PKCS#11; tested on SoftHSM2. The library's calls block, so each runs on a thread of its own, at most as many at once as there
/// are sessions: a call that hangs holds its session, never the caller. What was lost is opened again by the next try.
/// </summary>
public sealed class Pkcs11Key(Pkcs11Options options) : ISigningKey
{
    private readonly Pkcs11Pin _pin = new(options.PinFile);
    private readonly ConcurrentBag<Pkcs11Session> _idle = [];
    private readonly SemaphoreSlim _places = new(options.SessionsMax, options.SessionsMax);
    private readonly Lock _opening = new();
    private Pkcs11Module? _module;

    /// <summary>Sessions that wait for the next request.</summary>
    public int SessionsIdle => _idle.Count;

    /// <inheritdoc />
    public Task<AccountId> ReadPublicKeyAsync(CancellationToken cancellationToken) => UseAsync(session => session.ReadPublicKey(), cancellationToken);

    /// <inheritdoc />
    public Task<byte[]> SignAsync(TransactionHash hash, CancellationToken cancellationToken) => UseAsync(session => session.Sign(hash), cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        var isIdle = _places.CurrentCount == options.SessionsMax;
        CloseIdle();
        // A call that hangs in the library would crash with it: then the end of the process unloads it.
        if (isIdle)
            _module?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<T> UseAsync<T>(Func<Pkcs11Session, T> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        return await Task.Run(() =>
        {
            try
            {
                return Use(work);
            }
            finally
            {
                _places.Release();
            }
        }, CancellationToken.None).WaitAsync(cancellationToken);
    }

    private T Use<T>(Func<Pkcs11Session, T> work)
    {
        Pkcs11Session? session = null;
        IPkcs11Library? library = null;
        try
        {
            if (!_idle.TryTake(out session))
            {
                library = Module().Library;
                session = Pkcs11Session.Open(library, options, _pin);
            }

            var result = work(session);
            _idle.Add(session);
            return result;
        }
        catch (Pkcs11Exception failure)
        {
            session?.Close();
            // Sessions are lost together: with the token, the login or the library.
            if (Pkcs11Errors.ProblemOf(failure.RV) == SigningProblem.SessionLost)
                CloseIdle();
            if (failure.RV == CKR.CKR_CRYPTOKI_NOT_INITIALIZED && (session?.Library ?? library) is { } lost)
                Module().Restart(lost);
            throw Pkcs11Errors.Of(failure);
        }
        catch
        {
            session?.Close();
            throw;
        }
    }

    private Pkcs11Module Module()
    {
        lock (_opening)
            return _module ??= Pkcs11Module.Open(options.ModulePath);
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var session))
            session.Close();
    }
}
