using Payouts.Contracts;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;

namespace Payouts.Tests.Attacks;

/// <summary>A payout that a round owes, and that is to be paid once whatever is tried meanwhile.</summary>
internal sealed class Victim
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    private readonly Scene _scene;
    private SigningRequested? _request;

    private Victim(Scene scene) => (_scene, At) = (scene, scene.NextRound());

    public Installation At { get; }

    public PayoutId Payout => At.IdOf(At.Order());

    /// <summary>What the external signer was asked.</summary>
    public SigningRequested Request => _request ?? throw new InvalidOperationException("nobody was asked to sign for it yet");

    public Transaction Asked => Transaction.FromBase64(Request.UnsignedXdr);

    /// <summary>The command that payout-builder rightly sends for it.</summary>
    public SignPayout Command => At.Command(At.Order(), At.Build(At.Order(), ValidUntil));

    private SignerHost Host => _scene.Host;

    /// <summary>Owed: the round is resolved, and payout-signer has kept the order.</summary>
    public static async Task<Victim> OwedAsync(Scene scene)
    {
        var victim = new Victim(scene);
        var orders = await scene.Host.CountOrdersAsync();
        await scene.SayAsync("rounds", victim.At.Resolved(victim.At.Order()));
        await Probe.Until("the order is kept", async _ => await scene.Host.CountOrdersAsync() == orders + 1);
        return victim;
    }

    /// <summary>Owed, and at the external signer.</summary>
    public static async Task<Victim> AskedAsync(Scene scene)
    {
        var victim = await OwedAsync(scene);
        await victim.AskAsync(attempt: 1);
        return victim;
    }

    /// <summary>Owed, and its call is at the external signer to be authorized.</summary>
    public static async Task<Victim> ToBeAuthorizedAsync(Scene scene)
    {
        var victim = await OwedAsync(scene);
        await scene.SayAsync("payout-builder", victim.At.Authorize(victim.At.Order()));
        victim._request = await scene.Host.RequestAsync(victim.Payout);
        return victim;
    }

    /// <summary>The honest signer authorizes the call: it goes out, once.</summary>
    public async Task AuthorizeHonestlyAsync()
    {
        Host.Witness.Authorized.ShouldNotContain(authorized => authorized.PayoutId == Payout, "nothing may have gone out before the honest signer answers");
        await _scene.SayAsync("kms", Installation.Answer(Request, At.PayoutKey));
        var authorized = await Host.AuthorizedAsync(Payout);
        SorobanAuthorization.Verify(PayoutAuthorization.FromBase64(authorized.AuthorizationXdr), At.Authorization(At.Order()), At.Network, At.PayoutKey.AccountId).ShouldBeOfType<AuthorizationVerdict.Valid>();
    }

    /// <summary>A payout that no round has announced yet, and that payout-builder wants signed.</summary>
    public static async Task<Victim> UnannouncedAsync(Scene scene)
    {
        var victim = new Victim(scene);
        await scene.SayAsync("payout-builder", victim.Command);
        await scene.Host.StoredAsync(victim.Payout, SignRequestState.AwaitingOrder);
        return victim;
    }

    /// <summary>payout-builder asks as it should.</summary>
    public async Task AskAsync(int attempt)
    {
        await _scene.SayAsync("payout-builder", Command with { Attempt = attempt });
        _request = await Host.RequestAsync(Payout, attempt);
    }

    /// <summary>Its round is resolved after all.</summary>
    public async Task AnnounceAsync()
    {
        await _scene.SayAsync("rounds", At.Resolved(At.Order()));
        _request = await Host.RequestAsync(Payout);
    }

    public async Task<SignRequestState> StateAsync() => (await Host.StoredAsync(Payout)).Single(x => x.RequestId == Request.RequestId).State;

    /// <summary>The honest signer answers: the very transaction that was asked goes out, once.</summary>
    public async Task<PayoutSigned> SignHonestlyAsync()
    {
        Host.Witness.Signed.ShouldNotContain(signed => signed.PayoutId == Payout, "nothing may have gone out before the honest signer answers");
        await _scene.SayAsync("kms", Installation.Answer(Request, At.PayoutKey));
        var signed = await Host.SignedAsync(Payout);
        signed.TransactionHash.ShouldBe(Request.TransactionHash);
        Transaction.FromBase64(signed.SignedXdr).WithoutSignatures().ToBase64().ShouldBe(Request.UnsignedXdr);
        return signed;
    }
}
