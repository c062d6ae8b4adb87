using Payouts.Devnet.Ledger;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Limits;

/// <summary>Limits that are not a transaction's own resources.</summary>
public sealed class When_a_key_or_an_account_is_at_its_limit : NetworkTest
{
    /// <summary>Keys are multiples of four bytes: 248 is the largest within 250.</summary>
    [Theory(Timeout = TimeoutMs)]
    [InlineData(248, true)]
    [InlineData(252, false)]
    public async Task Should_take_a_footprint_key_of_250_bytes(int size, bool taken)
    {
        NetworkLimits.KeySizeBytesMax.ShouldBe(250);
        var bare = XdrCodec.ToBytes(Key(0)).Length;
        var key = Key(size - bare);
        XdrCodec.ToBytes(key).Length.ShouldBe(size);
        var sent = await Net.SendAsync(Declared.Restore(Net, "restorer", Declared.Nothing with { Footprint = new LedgerFootprint([], [key]) }));

        if (taken)
            sent.ShouldBeOfType<SendOutcome.Pending>();
        else
            TestNetwork.Refusal(sent).ShouldBe(TransactionResultCode.txSOROBAN_INVALID);

        LedgerKey Key(int bytes) => new LedgerKey.ContractData(new LedgerKeyContractData(Net.Ledger.PayoutContract.ToScAddress(), ScVal.Bytes(new byte[bytes]), ContractDataDurability.PERSISTENT));
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_give_an_account_1000_subentries()
    {
        var holder = Net.Account("holder", 100_000_000_000);
        for (var hundred = 0; hundred < 10; hundred++)
            (await Net.ApplyAsync(Trust(holder, hundred * 100, 100))).Status.ShouldBe(TransactionStatus.SUCCESS);

        var beyond = await Net.ApplyAsync(Trust(holder, 1000, 1));

        beyond.Status.ShouldBe(TransactionStatus.FAILED);
        TestNetwork.Result(beyond).Result.ShouldBeOfType<TransactionResultResult.TxFailed>().Value.ShouldHaveSingleItem().ShouldBeOfType<OperationResult.OpTooManySubentries>();
    }

    private Transaction Trust(KeyPair holder, int first, int count)
    {
        var builder = new TransactionBuilder(holder.AccountId, Net.NextSequence(holder)).ValidUntil(DateTimeOffset.FromUnixTimeSeconds((long)Net.Ledger.LatestCloseTime + 300));
        for (var number = first; number < first + count; number++)
            builder.Add(new ChangeTrustOperation(Stellar.Asset.Issue($"A{number}", Net.Issuer.AccountId)));
        return builder.Build().Sign(Net.Network, holder);
    }
}
