using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Soroban;

public sealed class When_a_call_is_authorized
{
    private static readonly KeyPair Admin = Sample.Account(2);
    private static readonly InvokeContractArgs Call = ((HostFunction.InvokeContract)Sample.Call.Pay(Sample.Order).Function).Value;

    private readonly SorobanAuthorizationEntry _unsigned = SorobanAuthorization.ForCall(Admin.AccountId, Call, nonce: 99, expirationLedger: 7000);

    [Fact]
    public void Should_accept_the_admins_signature()
    {
        var signed = SorobanAuthorization.Sign(_unsigned, Network.Testnet, Admin);

        SorobanAuthorization.Verify(signed, _unsigned, Network.Testnet, Admin.AccountId).ShouldBeOfType<AuthorizationVerdict.Valid>();
        XdrCodec.FromBytes<SorobanAuthorizationEntry>(XdrCodec.ToBytes(signed)).ShouldBe(signed);
    }

    [Fact]
    public void Should_refuse_whatever_differs_from_what_was_asked()
    {
        var address = SorobanAuthorization.Credentials(_unsigned);
        SorobanAuthorizationEntry[] changed =
        [
            With(address with { Nonce = 100 }),
            With(address with { SignatureExpirationLedger = 7001 }),
            With(address with { Address = Sample.Account(5).AccountId.ToScAddress() }),
            _unsigned with { RootInvocation = _unsigned.RootInvocation with { SubInvocations = [_unsigned.RootInvocation] } },
        ];

        foreach (var entry in changed)
        {
            var signed = SorobanAuthorization.WithSignature(entry, Admin.AccountId, Admin.Sign(SorobanAuthorization.Hash(entry, Network.Testnet).Value.Span));

            SorobanAuthorization.Verify(signed, _unsigned, Network.Testnet, Admin.AccountId).ShouldBeOfType<AuthorizationVerdict.EntryDiffers>();
        }

        Verify(_unsigned with { Credentials = new SorobanCredentials.SourceAccount() }).ShouldBeOfType<AuthorizationVerdict.EntryDiffers>();
    }

    [Fact]
    public void Should_refuse_a_missing_a_foreign_and_a_second_signature()
    {
        var signed = SorobanAuthorization.Sign(_unsigned, Network.Testnet, Admin);
        var credentials = SorobanAuthorization.Credentials(signed);
        var stranger = Sample.Account(77);
        var twice = With(credentials with { Signature = ScVal.Vec(credentials.Signature.AsVec().Concat(credentials.Signature.AsVec())) });

        Verify(_unsigned).ShouldBe(new AuthorizationVerdict.MissingSignature(Admin.AccountId));
        Verify(twice).ShouldBe(new AuthorizationVerdict.ExtraSignature());
        Verify(SorobanAuthorization.Sign(_unsigned, Network.Public, Admin)).ShouldBe(new AuthorizationVerdict.BadSignature(Admin.AccountId));
        Verify(SorobanAuthorization.WithSignature(_unsigned, stranger.AccountId, stranger.Sign(SorobanAuthorization.Hash(_unsigned, Network.Testnet).Value.Span)))
            .ShouldBe(new AuthorizationVerdict.BadSignature(Admin.AccountId));
        Verify(With(credentials with { Signature = ScVal.Vec(ScVal.U32(1)) })).ShouldBe(new AuthorizationVerdict.BadSignature(Admin.AccountId));
    }

    [Fact]
    public void Should_bind_version_2_credentials_to_their_address_by_another_hash()
    {
        var v2 = _unsigned with { Credentials = new SorobanCredentials.AddressV2(SorobanAuthorization.Credentials(_unsigned)) };

        SorobanAuthorization.Hash(v2, Network.Testnet).ShouldNotBe(SorobanAuthorization.Hash(_unsigned, Network.Testnet));
        SorobanAuthorization.Verify(SorobanAuthorization.Sign(v2, Network.Testnet, Admin), v2, Network.Testnet, Admin.AccountId)
            .ShouldBeOfType<AuthorizationVerdict.Valid>();
        SorobanAuthorization.Verify(SorobanAuthorization.Sign(v2, Network.Testnet, Admin), _unsigned, Network.Testnet, Admin.AccountId)
            .ShouldBeOfType<AuthorizationVerdict.EntryDiffers>();
    }

    [Fact]
    public void Should_not_sign_for_somebody_else() =>
        Should.Throw<ArgumentException>(() => SorobanAuthorization.Sign(_unsigned, Network.Testnet, Sample.Account(77)));

    private AuthorizationVerdict Verify(SorobanAuthorizationEntry signed) => SorobanAuthorization.Verify(signed, _unsigned, Network.Testnet, Admin.AccountId);

    private SorobanAuthorizationEntry With(SorobanAddressCredentials credentials) =>
        _unsigned with { Credentials = new SorobanCredentials.Address(credentials) };
}
