using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Payouts.Signers.Pkcs11;

/// <summary>
/// A vendor's library, loaded once in a process whoever uses it: PKCS#11 keeps its state for the whole process, and one user's C_Finalize would end
/// the others' sessions.
/// </summary>
public sealed class Pkcs11Module : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Pkcs11Module> Loaded = new(StringComparer.Ordinal);
    private static bool _resolves;

    // What a restart replaced: released late, because a call of another thread may still be inside.
    private readonly List<IPkcs11Library> _retired = [];
    private readonly string _path;
    private volatile IPkcs11Library _library;
    private int _users;

    private Pkcs11Module(string path) => (_path, _library) = (path, Load(path));

    /// <summary>Makes attributes and mechanisms.</summary>
    public static Pkcs11InteropFactories Factories { get; } = new();

    /// <summary>The library.</summary>
    public IPkcs11Library Library => _library;

    /// <summary>Loads and initializes the library, or joins those who have. Dispose gives it back.</summary>
    /// <exception cref="SigningFailedException">It cannot be loaded.</exception>
    public static Pkcs11Module Open(string path)
    {
        lock (Gate)
        {
            ResolveLibdl();
            if (!Loaded.TryGetValue(path, out var module))
                Loaded[path] = module = new Pkcs11Module(path);
            module._users++;
            return module;
        }
    }

    /// <summary>Initializes the library again after somebody finalized it; once for all who notice.</summary>
    /// <param name="lost">The library that the caller found finalized.</param>
    public void Restart(IPkcs11Library lost)
    {
        lock (Gate)
        {
            if (!ReferenceEquals(_library, lost))
                return;
            _retired.Add(lost);
            _library = Load(_path);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (Gate)
        {
            if (--_users > 0)
                return;
            Loaded.Remove(_path);
            // The retired ones first: the last one finalizes and unloads.
            foreach (var retired in _retired)
                GC.SuppressFinalize(retired);
            _library.Dispose();
        }
    }

    private static IPkcs11Library Load(string path)
    {
        try
        {
            return Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, path, AppType.MultiThreaded);
        }
        catch (Exception failure) when (failure is Pkcs11Exception or UnmanagedException or LibraryArchitectureException or DllNotFoundException)
        {
            throw new SigningFailedException(SigningProblem.Unreachable, $"the PKCS#11 library {path} cannot be loaded: {failure.Message}", failure);
        }
    }

    // The package asks for "libdl"; distributions without development packages have only the versioned name.
    private static void ResolveLibdl()
    {
        if (_resolves || !OperatingSystem.IsLinux())
            return;
        NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, (name, _, _) => name == "libdl" ? NativeLibrary.Load("libdl.so.2") : IntPtr.Zero);
        _resolves = true;
    }
}
