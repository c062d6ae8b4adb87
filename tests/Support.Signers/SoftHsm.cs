using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Payouts.Signers.Pkcs11;
using Payouts.Stellar;

namespace Payouts.Tests.Signers;

/// <summary>
/// SoftHSM2 with a folder of its own for tokens, which goes with it: a real PKCS#11 library, whose keys never leave it. One at a time in a process,
/// because the library reads its configuration from the environment.
/// </summary>
public sealed class SoftHsm : IDisposable
{
    /// <summary>The security officer's PIN of every token.</summary>
    private const string OfficerPin = "officer-1234";

    private static readonly string[] Paths =
    [
        "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib64/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("payouts-softhsm-").FullName;
    private readonly Pkcs11Module _module;
    private int _number;

    /// <summary>Starts with no token.</summary>
    public SoftHsm()
    {
        ModulePath = Array.Find(Paths, File.Exists) ?? throw new InvalidOperationException("SoftHSM2 is not installed: its library libsofthsm2.so is in none of the usual places (package softhsm2).");
        Directory.CreateDirectory(Path.Combine(_folder, "tokens"));
        Configuration = Path.Combine(_folder, "softhsm2.conf");
        File.WriteAllText(Configuration, $"directories.tokendir = {Path.Combine(_folder, "tokens")}\nobjectstore.backend = file\nlog.level = ERROR\n");

        // The runtime's own setter does not reach the C library, which is where SoftHSM2 looks.
        if (SetEnv("SOFTHSM2_CONF", Configuration, 1) != 0)
            throw new InvalidOperationException("The C library takes no variable.");
        _module = Pkcs11Module.Open(ModulePath);
    }

    /// <summary>Path of the library.</summary>
    public string ModulePath { get; }

    /// <summary>Path of its configuration, the value of SOFTHSM2_CONF for other processes.</summary>
    public string Configuration { get; }

    /// <summary>The library, to lose sessions behind a user's back.</summary>
    public IPkcs11Library Library => _module.Library;

    /// <summary>Makes an empty token.</summary>
    public SoftHsmToken CreateToken(string pin = "user-4321")
    {
        var label = $"token {++_number}";
        var slot = _module.Library.GetSlotList(SlotsType.WithTokenPresent).First(free => !free.GetTokenInfo().TokenFlags.TokenInitialized);
        slot.InitToken(OfficerPin, label);
        using (var session = slot.OpenSession(SessionType.ReadWrite))
        {
            session.Login(CKU.CKU_SO, OfficerPin);
            session.InitPin(pin);
            session.Logout();
        }

        var pinFile = Path.Combine(_folder, $"pin-{_number}");
        File.WriteAllText(pinFile, pin + "\n");
        return new SoftHsmToken(this, label, pin, pinFile);
    }

    /// <summary>Ends the library behind its users' backs, as another user in the process might.</summary>
    public void FinalizeLibrary()
    {
        // Disposing the package's object would also unload the code that others run in.
        var handle = NativeLibrary.Load(ModulePath);
        var finalize = Marshal.GetDelegateForFunctionPointer<CFinalize>(NativeLibrary.GetExport(handle, "C_Finalize"));
        if (finalize(IntPtr.Zero) is var value && value != 0)
            throw new InvalidOperationException($"C_Finalize returned {value}.");
        NativeLibrary.Free(handle);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _module.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal ISlot SlotOf(string label) => _module.Library.GetSlotList(SlotsType.WithTokenPresent).Single(slot => slot.GetTokenInfo().Label.TrimEnd() == label);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint CFinalize(IntPtr reserved);

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnv(string name, string value, int overwrite);
}

/// <summary>A token and its PIN.</summary>
public sealed class SoftHsmToken(SoftHsm hsm, string label, string pin, string pinFile)
{
    private const ulong EdwardsKeyPairGeneration = 0x1055;
    private const ulong EdwardsKeyType = 0x40;

    /// <summary>PrintableString "edwards25519".</summary>
    private static readonly byte[] Edwards25519 = [0x13, 0x0c, .. "edwards25519"u8];

    /// <summary>The object identifier of P-256.</summary>
    private static readonly byte[] P256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

    /// <summary>Its label.</summary>
    public string Label { get; } = label;

    /// <summary>Path of the file with its user PIN.</summary>
    public string PinFile { get; } = pinFile;

    /// <summary>What an adapter is told of a key in it.</summary>
    public Pkcs11Options Options(string keyLabel, int sessionsMax = 8) => new()
    {
        ModulePath = hsm.ModulePath, TokenLabel = Label, PinFile = PinFile, KeyLabel = keyLabel, SessionsMax = sessionsMax,
    };

    /// <summary>The settings of a program that signs with a key in it.</summary>
    public IReadOnlyDictionary<string, string> Settings(string keyLabel) => new Dictionary<string, string>
    {
        ["SIGNER_PKCS11_MODULE"] = hsm.ModulePath,
        ["SIGNER_PKCS11_TOKEN_LABEL"] = Label,
        ["SIGNER_PKCS11_PIN_FILE"] = PinFile,
        ["SIGNER_PKCS11_KEY_LABEL"] = keyLabel,
        ["SOFTHSM2_CONF"] = hsm.Configuration,
    };

    /// <summary>Generates an Ed25519 key in the token; its secret half cannot leave it.</summary>
    public AccountId GenerateKey(string keyLabel, byte id = 1) => new(Generate(EdwardsKeyPairGeneration, Edwards25519, EdwardsKeyType, keyLabel, id)[2..]);

    /// <summary>Generates a key of the wrong kind.</summary>
    public void GenerateP256Key(string keyLabel) => Generate((ulong)CKM.CKM_EC_KEY_PAIR_GEN, P256, (ulong)CKK.CKK_EC, keyLabel, id: 9);

    /// <summary>Ends every session with the token, as a restart of a network HSM does.</summary>
    public void LoseSessions() => hsm.SlotOf(Label).CloseAllSessions();

    private byte[] Generate(ulong mechanismType, byte[] parameters, ulong keyType, string keyLabel, byte id)
    {
        var attributes = Pkcs11Module.Factories.ObjectAttributeFactory;
        using var session = hsm.SlotOf(Label).OpenSession(SessionType.ReadWrite);
        var logsIn = true;
        try
        {
            session.Login(CKU.CKU_USER, pin);
        }
        catch (Pkcs11Exception already) when (already.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            logsIn = false; // An adapter of this process is logged in: its login stays.
        }

        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(mechanismType);
        session.GenerateKeyPair(
            mechanism,
            [
                attributes.Create(CKA.CKA_TOKEN, true), attributes.Create(CKA.CKA_PRIVATE, false), attributes.Create(CKA.CKA_VERIFY, true), attributes.Create(CKA.CKA_LABEL, keyLabel),
                attributes.Create(CKA.CKA_ID, [id]), attributes.Create(CKA.CKA_EC_PARAMS, parameters), attributes.Create((ulong)CKA.CKA_KEY_TYPE, keyType),
            ],
            [
                attributes.Create(CKA.CKA_TOKEN, true), attributes.Create(CKA.CKA_PRIVATE, true), attributes.Create(CKA.CKA_SENSITIVE, true), attributes.Create(CKA.CKA_EXTRACTABLE, false),
                attributes.Create(CKA.CKA_SIGN, true), attributes.Create(CKA.CKA_LABEL, keyLabel), attributes.Create(CKA.CKA_ID, [id]), attributes.Create((ulong)CKA.CKA_KEY_TYPE, keyType),
            ],
            out var publicKey,
            out _);
        var point = session.GetAttributeValue(publicKey, new List<CKA> { CKA.CKA_EC_POINT })[0].GetValueAsByteArray();
        if (logsIn)
            session.Logout();
        return point;
    }
}
