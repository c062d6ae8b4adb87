using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Stellar.Tests.Xdr;

public sealed class When_an_envelope_of_a_real_network_is_decoded
{
    [Fact(Timeout = 30_000)]
    public void Should_write_the_same_bytes_again()
    {
        Vectors.Hashes.Count.ShouldBe(60);
        foreach (var vector in Vectors.Hashes)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var envelope = XdrCodec.FromBase64<TransactionEnvelope>(vector.Envelope);

            XdrCodec.ToBase64(envelope).ShouldBe(vector.Envelope);
            XdrCodec.FromBase64<TransactionEnvelope>(vector.Envelope).ShouldBe(envelope);
        }
    }
}
