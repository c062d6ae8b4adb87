using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Payouts.Stellar;

namespace Payouts.Signers.Pkcs11;

/// <summary>A logged-in session that has found its key. Used by one thread at a time.</summary>
internal sealed class Pkcs11Session
{
    /// <summary>CKK_EC_EDWARDS and CKM_EDDSA of PKCS#11 3.0, which the package's lists do not hold.</summary>
    private const ulong KeyTypeEdwards = 0x40;
    private const ulong MechanismEdDsa = 0x1057;
    private const int PublicKeyLength = 32;

    private readonly ISession _session;
    private readonly Pkcs11Options _options;
    private readonly IObjectHandle _privateKey;

    private Pkcs11Session(IPkcs11Library library, ISession session, Pkcs11Options options)
    {
        (Library, _session, _options) = (library, session, options);
        _privateKey = Find(CKO.CKO_PRIVATE_KEY) ?? throw new SigningFailedException(SigningProblem.KeyNotFound, $"the token \"{options.TokenLabel}\" has no private key with {options.KeyName}");
        RequireEdwards(_privateKey);
    }

    /// <summary>The library whose session it is.</summary>
    public IPkcs11Library Library { get; }

    /// <summary>Opens a session, logs in and finds the key.</summary>
    /// <exception cref="SigningFailedException">One of these failed.</exception>
    public static Pkcs11Session Open(IPkcs11Library library, Pkcs11Options options, Pkcs11Pin pin)
    {
        var session = SlotOf(library, options).OpenSession(SessionType.ReadOnly);
        try
        {
            pin.Login(session);
            return new Pkcs11Session(library, session, options);
        }
        catch
        {
            Close(session);
            throw;
        }
    }

    /// <summary>Signs in one part, without a parameter: plain Ed25519.</summary>
    public byte[] Sign(TransactionHash hash)
    {
        using var mechanism = Pkcs11Module.Factories.MechanismFactory.Create(MechanismEdDsa);
        return _session.Sign(mechanism, _privateKey, hash.Bytes.ToArray());
    }

    /// <summary>Reads the public half: of the public key object, or of the private one where a token keeps it there.</summary>
    public AccountId ReadPublicKey()
    {
        var from = Find(CKO.CKO_PUBLIC_KEY) ?? _privateKey;
        RequireEdwards(from);
        var attribute = _session.GetAttributeValue(from, new List<CKA> { CKA.CKA_EC_POINT })[0];
        var point = attribute.CannotBeRead ? [] : attribute.GetValueAsByteArray();
        return point switch
        {
            // A DER octet string, as the standard says; some tokens leave the wrapping out.
            [0x04, PublicKeyLength, .. { Length: PublicKeyLength } key] => new AccountId(key),
            { Length: PublicKeyLength } => new AccountId(point),
            [] => throw new SigningFailedException(SigningProblem.KeyNotFound, $"the token \"{_options.TokenLabel}\" shows no public key with {_options.KeyName}"),
            _ => throw new SigningFailedException(SigningProblem.KeyTypeWrong, $"CKA_EC_POINT has {point.Length} bytes, an Ed25519 key has {PublicKeyLength} in a DER octet string"),
        };
    }

    /// <summary>Closes it; one that was lost is closed already.</summary>
    public void Close() => Close(_session);

    private static void Close(ISession session)
    {
        try
        {
            session.Dispose();
        }
        catch (Pkcs11Exception)
        {
            // The token closed it first.
        }
    }

    private static ISlot SlotOf(IPkcs11Library library, Pkcs11Options options)
    {
        var labels = library.GetSlotList(SlotsType.WithTokenPresent).Select(slot => (Slot: slot, Label: slot.GetTokenInfo().Label.TrimEnd())).ToList();
        return labels.Where(x => x.Label == options.TokenLabel).ToList() switch
        {
            [var only] => only.Slot,
            [] => throw new SigningFailedException(SigningProblem.Unreachable,
                $"there is no token \"{options.TokenLabel}\"; the library shows {(labels.Count == 0 ? "none" : string.Join(", ", labels.Select(x => $"\"{x.Label}\"")))}"),
            var several => throw new SigningFailedException(SigningProblem.KeyNotFound, $"{several.Count} tokens are labelled \"{options.TokenLabel}\"; one is right"),
        };
    }

    private IObjectHandle? Find(CKO kind)
    {
        var attributes = Pkcs11Module.Factories.ObjectAttributeFactory;
        var template = new List<IObjectAttribute> { attributes.Create(CKA.CKA_CLASS, kind) };
        if (_options.KeyLabel is { } label)
            template.Add(attributes.Create(CKA.CKA_LABEL, label));
        if (_options.KeyId is { } id)
            template.Add(attributes.Create(CKA.CKA_ID, id.ToArray()));
        try
        {
            var found = _session.FindAllObjects(template);
            return found.Count > 1
                ? throw new SigningFailedException(SigningProblem.KeyNotFound, $"{found.Count} keys of kind {kind} have {_options.KeyName}; give SIGNER_PKCS11_KEY_ID as well, so that one has")
                : found.SingleOrDefault();
        }
        finally
        {
            template.ForEach(attribute => attribute.Dispose());
        }
    }

    private void RequireEdwards(IObjectHandle key)
    {
        using var attribute = _session.GetAttributeValue(key, new List<CKA> { CKA.CKA_KEY_TYPE })[0];
        var type = attribute.GetValueAsUlong();
        if (type != KeyTypeEdwards)
            throw new SigningFailedException(SigningProblem.KeyTypeWrong, $"the key with {_options.KeyName} is of type {(CKK)type}, CKK_EC_EDWARDS (0x40) on edwards25519 is right");
    }
}
