using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Signer.Requests;

/// <summary>Signs with the payout key when this process holds it: for development networks and installations that accept the risk.</summary>
public sealed class HotSigner(SignerPolicy policy, SigningKeys keys, OrderMatch match, UnitOfWorkFactory<SignerDbContext> units) : IAsyncDisposable
{
    private readonly SharedLookup<PayoutId, Order> _orders = new(units, (db, ids, cancellationToken) =>
        db.Orders.AsNoTracking().Where(x => ids.Contains(x.PayoutId)).ToDictionaryAsync(x => x.PayoutId, cancellationToken));

    /// <summary>Whether this process signs itself.</summary>
    public bool IsOn => keys.PayoutKey is not null;

    /// <summary>
    /// Signs outside the transaction what the order allows; null when this process does not sign, or the order is unknown or different: then the
    /// transaction decides. Orders never change, so what is compared here stays true.
    /// </summary>
    public async Task<string?> SignAheadAsync(SignOrder command, IntentVerdict verdict, CancellationToken cancellationToken)
    {
        if (!IsOn || verdict is not IntentVerdict.ToSign sound)
            return null;
        var found = await Task.WhenAll(match.IdsOf(command.Order).Select(id => _orders.FindAsync(id, cancellationToken)));
        var known = found.OfType<Order>().ToDictionary(x => x.PayoutId);
        return match.Compare(command.Order, known) is null ? Sign(sound) : null;
    }

    /// <summary>The envelope with every signature it needs, or the signed authorization; base64 XDR. The caller has compared the order.</summary>
    public string Sign(IntentVerdict.ToSign verdict) => verdict switch
    {
        IntentVerdict.Sound sound => keys.AddChannelSignature(sound.Transaction.AddSignature(keys.PayoutKey!.SignDecorated(sound.Hash)), sound.Hash, policy.PayoutSource).ToBase64(),
        IntentVerdict.SoundAuthorization sound => XdrCodec.ToBase64(SorobanAuthorization.Sign(sound.Entry, policy.Network, keys.PayoutKey!)),
        _ => throw new InvalidOperationException($"nothing is signed for {verdict.GetType().Name}"),
    };

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _orders.DisposeAsync();
}
