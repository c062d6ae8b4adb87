using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Soroban;

public sealed class When_delegates_authorize_a_call
{
    private static readonly Network Net = Network.Testnet;
    private static readonly KeyPair Admin = Sample.Account(2);
    private static readonly KeyPair First = Sample.Account(5);
    private static readonly KeyPair Second = Sample.Account(6);
    private static readonly InvokeContractArgs Call = ((HostFunction.InvokeContract)Sample.Call.Pay(Sample.Order).Function).Value;

    // The second delegate stands twice: beside the first, and below it.
    private readonly SorobanAuthorizationEntry _unsigned = SorobanAuthorization.WithDelegates(
        SorobanAuthorization.ForCall(Admin.AccountId, Call, nonce: 99, expirationLedger: 7000),
        SorobanAuthorization.Delegate(First.AccountId, SorobanAuthorization.Delegate(Second.AccountId)),
        SorobanAuthorization.Delegate(Second.AccountId));

    [Fact]
    public void Should_accept_each_signature_beside_those_that_were_there()
    {
        var one = SorobanAuthorization.Sign(_unsigned, Net, First);
        var two = SorobanAuthorization.Sign(one, Net, Second);
        var all = SorobanAuthorization.Sign(two, Net, Admin);

        Verify(one, _unsigned, First).ShouldBeOfType<AuthorizationVerdict.Valid>();
        Verify(two, one, Second).ShouldBeOfType<AuthorizationVerdict.Valid>();
        Verify(all, two, Admin).ShouldBeOfType<AuthorizationVerdict.Valid>();
        XdrCodec.FromBytes<SorobanAuthorizationEntry>(XdrCodec.ToBytes(all)).ShouldBe(all);
    }

    [Fact]
    public void Should_sign_the_same_bytes_whoever_signs()
    {
        var hash = SorobanAuthorization.Hash(_unsigned, Net);

        SorobanAuthorization.Hash(SorobanAuthorization.Sign(_unsigned, Net, First), Net).ShouldBe(hash);
        SorobanAuthorization.Preimage(_unsigned, Net).ShouldBeOfType<HashIDPreimage.SorobanAuthorizationWithAddress>().Value.Address.ShouldBe(Admin.AccountId.ToScAddress());
    }

    [Fact]
    public void Should_refuse_a_signature_that_is_missing_wrong_or_anothers()
    {
        var signed = SorobanAuthorization.Sign(_unsigned, Net, First);

        Verify(_unsigned, _unsigned, First).ShouldBe(new AuthorizationVerdict.MissingSignature(First.AccountId));
        Verify(SorobanAuthorization.WithSignature(_unsigned, First.AccountId, new byte[64]), _unsigned, First).ShouldBe(new AuthorizationVerdict.BadSignature(First.AccountId));
        Verify(SorobanAuthorization.Sign(_unsigned, Network.Public, First), _unsigned, First).ShouldBe(new AuthorizationVerdict.BadSignature(First.AccountId));
        // The first delegate signed, the second was asked.
        Verify(signed, _unsigned, Second).ShouldBeOfType<AuthorizationVerdict.EntryDiffers>();
    }

    [Fact]
    public void Should_ask_for_the_signature_at_every_place_that_the_signer_has()
    {
        var delegates = ((SorobanCredentials.AddressWithDelegates)SorobanAuthorization.Sign(_unsigned, Net, Second).Credentials).Value;
        var onlyAbove = delegates with { Delegates = delegates.Delegates.Select(d => d with { NestedDelegates = d.NestedDelegates.Select(n => n with { Signature = ScVal.Void }).ToXdrArray() }).ToXdrArray() };

        Verify(_unsigned with { Credentials = new SorobanCredentials.AddressWithDelegates(onlyAbove) }, _unsigned, Second)
            .ShouldBe(new AuthorizationVerdict.MissingSignature(Second.AccountId));
    }

    [Fact]
    public void Should_refuse_when_what_others_signed_was_touched()
    {
        var before = SorobanAuthorization.Sign(_unsigned, Net, First);
        var touched = SorobanAuthorization.Sign(SorobanAuthorization.WithSignature(before, First.AccountId, new byte[64]), Net, Second);
        var dropped = SorobanAuthorization.Sign(_unsigned, Net, Second);

        Verify(touched, before, Second).ShouldBeOfType<AuthorizationVerdict.EntryDiffers>();
        Verify(dropped, before, Second).ShouldBeOfType<AuthorizationVerdict.EntryDiffers>();
    }

    [Fact]
    public void Should_name_who_has_no_place_in_the_entry()
    {
        var stranger = Sample.Account(77);

        Should.Throw<ArgumentException>(() => SorobanAuthorization.Sign(_unsigned, Net, stranger)).Message.ShouldContain(stranger.AccountId.ToString());
        Should.Throw<ArgumentException>(() => SorobanAuthorization.WithSignature(_unsigned, stranger.AccountId, new byte[64]));
        Should.Throw<ArgumentException>(() => Verify(_unsigned, _unsigned, stranger));
    }

    [Fact]
    public void Should_refuse_delegates_that_the_ledger_would_refuse()
    {
        var single = SorobanAuthorization.ForCall(Admin.AccountId, Call, nonce: 99, expirationLedger: 7000);
        var first = SorobanAuthorization.Delegate(First.AccountId);

        Should.Throw<ArgumentException>(() => SorobanAuthorization.WithDelegates(single, first, first)).Message.ShouldContain("twice");
        Should.Throw<ArgumentException>(() => SorobanAuthorization.WithDelegates(single, SorobanAuthorization.Delegate(Second.AccountId, first, first))).Message.ShouldContain("twice");
        Should.Throw<ArgumentException>(() => SorobanAuthorization.WithDelegates(_unsigned, first)).Message.ShouldContain("already");
        Should.Throw<NotSupportedException>(() => SorobanAuthorization.WithDelegates(single with { Credentials = new SorobanCredentials.SourceAccount() }, first));
    }

    private static AuthorizationVerdict Verify(SorobanAuthorizationEntry signed, SorobanAuthorizationEntry unsigned, KeyPair signer) =>
        SorobanAuthorization.Verify(signed, unsigned, Net, signer.AccountId);
}
