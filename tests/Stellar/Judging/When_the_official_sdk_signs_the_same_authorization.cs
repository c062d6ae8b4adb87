using System.Text.Json.Nodes;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Judging;

/// <summary>Authorization entries of every kind of credentials, built, hashed and signed here and by the official SDK: equal to the last byte.</summary>
[Collection(nameof(Judge))]
public sealed class When_the_official_sdk_signs_the_same_authorization(Judge judge)
{
    private const uint Expiration = 7000;
    private static readonly Network Net = Network.Testnet;
    private static readonly InvokeContractArgs Call = ((HostFunction.InvokeContract)Sample.Call.Pay(Sample.Order).Function).Value;

    public static TheoryData<SorobanCredentialsType> Kinds => new(Enum.GetValues<SorobanCredentialsType>());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Kinds))]
    public async Task Should_agree_on_what_is_signed_and_on_the_signature(SorobanCredentialsType kind)
    {
        var unsigned = Entry(kind);
        if (kind == SorobanCredentialsType.SOROBAN_CREDENTIALS_SOURCE_ACCOUNT)
        {
            // The SDK has nothing to sign either.
            Should.Throw<NotSupportedException>(() => SorobanAuthorization.Sign(unsigned, Net, Sample.Account(2))).Message.ShouldContain("SOROBAN_CREDENTIALS_SOURCE_ACCOUNT");
            (await Should.ThrowAsync<InvalidOperationException>(() => PreimageAsync(unsigned))).Message.ShouldContain("cannot build a signature payload");
            return;
        }

        (await PreimageAsync(unsigned)).ShouldBe(XdrCodec.ToBase64(SorobanAuthorization.Preimage(unsigned, Net)));
        var signed = SorobanAuthorization.Sign(unsigned, Net, Sample.Account(2));
        XdrCodec.ToBase64(signed).ShouldBe(await SignAsync(unsigned, 2));
        SorobanAuthorization.Verify(signed, unsigned, Net, Sample.Account(2).AccountId).ShouldBeOfType<AuthorizationVerdict.Valid>();
    }

    [Fact(Timeout = 300_000)]
    public async Task Should_agree_on_the_tree_of_delegates_and_its_order()
    {
        // Given in another order than the ledger's; account 7 stands twice, at different levels.
        SorobanDelegateSignature[] delegates = [
            SorobanAuthorization.Delegate(Sample.Account(7).AccountId),
            SorobanAuthorization.Delegate(Sample.Account(4).AccountId, SorobanAuthorization.Delegate(Sample.Account(7).AccountId), SorobanAuthorization.Delegate(Sample.Account(6).AccountId)),
            SorobanAuthorization.Delegate(Sample.Account(5).AccountId),
            new(Sample.Contract.ToScAddress(), ScVal.Void, []),
        ];
        var asked = new JsonArray(
            Asked(Sample.Account(5).AccountId.ToString()),
            Asked(Sample.Contract.ToString()),
            Asked(Sample.Account(7).AccountId.ToString()),
            Asked(Sample.Account(4).AccountId.ToString(), Asked(Sample.Account(6).AccountId.ToString()), Asked(Sample.Account(7).AccountId.ToString())));
        var single = Entry(SorobanCredentialsType.SOROBAN_CREDENTIALS_ADDRESS_V2);

        var ours = SorobanAuthorization.WithDelegates(single, delegates);

        var theirs = await BuildAsync("delegates", new JsonObject { ["entry"] = XdrCodec.ToBase64(single), ["validUntil"] = Expiration, ["delegates"] = asked });
        XdrCodec.ToBase64(ours).ShouldBe(theirs);
        foreach (var signer in (int[])[7, 4, 6, 5, 2])
        {
            var signed = SorobanAuthorization.Sign(ours, Net, Sample.Account(signer));
            XdrCodec.ToBase64(signed).ShouldBe(await SignAsync(ours, signer, Sample.Account(signer).AccountId));
            SorobanAuthorization.Verify(signed, ours, Net, Sample.Account(signer).AccountId).ShouldBeOfType<AuthorizationVerdict.Valid>();
            ours = signed;
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Should_agree_on_who_is_no_delegate()
    {
        var entry = Entry(SorobanCredentialsType.SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES);
        var stranger = Sample.Account(77);

        (await Should.ThrowAsync<InvalidOperationException>(() => SignAsync(entry, 77, stranger.AccountId))).Message.ShouldContain("no credential node");
        Should.Throw<ArgumentException>(() => SorobanAuthorization.Sign(entry, Net, stranger)).Message.ShouldContain("nor is");
    }

    private static SorobanAuthorizationEntry Entry(SorobanCredentialsType kind)
    {
        var entry = SorobanAuthorization.ForCall(Sample.Account(2).AccountId, Call, nonce: -5, Expiration);
        return kind switch
        {
            SorobanCredentialsType.SOROBAN_CREDENTIALS_SOURCE_ACCOUNT => entry with { Credentials = new SorobanCredentials.SourceAccount() },
            SorobanCredentialsType.SOROBAN_CREDENTIALS_ADDRESS => entry,
            SorobanCredentialsType.SOROBAN_CREDENTIALS_ADDRESS_V2 => entry with { Credentials = new SorobanCredentials.AddressV2(SorobanAuthorization.Credentials(entry)) },
            SorobanCredentialsType.SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES => SorobanAuthorization.WithDelegates(entry, SorobanAuthorization.Delegate(Sample.Account(5).AccountId)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of credentials that nobody signs here yet."),
        };
    }

    private static JsonObject Asked(string address, params JsonNode[] nested) => new() { ["address"] = address, ["nestedDelegates"] = new JsonArray(nested) };

    private Task<string> PreimageAsync(SorobanAuthorizationEntry entry) =>
        BuildAsync("preimage", new JsonObject { ["entry"] = XdrCodec.ToBase64(entry), ["validUntil"] = Expiration, ["passphrase"] = Net.Passphrase });

    private Task<string> SignAsync(SorobanAuthorizationEntry entry, int signer, AccountId? forAddress = null) => BuildAsync("authorization", new JsonObject
    {
        ["entry"] = XdrCodec.ToBase64(entry),
        ["secret"] = Sample.Account(signer).ExportSecretSeed(),
        ["validUntil"] = Expiration,
        ["passphrase"] = Net.Passphrase,
        ["forAddress"] = forAddress?.ToString(),
    });

    private async Task<string> BuildAsync(string name, JsonObject request)
    {
        request["op"] = "build";
        request["name"] = name;
        return (await judge.AskAsync(request, Token))["xdr"]!.GetValue<string>();
    }
}
