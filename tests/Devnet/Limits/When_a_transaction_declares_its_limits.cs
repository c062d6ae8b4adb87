using Payouts.Devnet.Ledger;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Limits;

/// <summary>Mainnet's limits of one transaction: what reaches them is taken, one above is refused by the queue.</summary>
public sealed class When_a_transaction_declares_its_limits : NetworkTest
{
    [Theory(Timeout = TimeoutMs)]
    [InlineData("instructions", 400_000_000, "transaction instructions resources exceed network config limit")]
    [InlineData("write bytes", 132_096, "transaction byte-write resources exceed network config limit")]
    [InlineData("disk read bytes", 200_000, "transaction byte-read resources exceed network config limit")]
    [InlineData("write entries", 200, "transaction entry-write resources exceed network config limit")]
    [InlineData("disk read entries", 200, "transaction entry-disk-read resources exceed network config limit")]
    [InlineData("footprint entries", 400, "the number of entries in transaction footprint exceeds the network config limit")]
    public async Task Should_take_the_limit_and_refuse_one_more(string dimension, int limit, string reason)
    {
        var refused = (await Net.SendAsync(await BuildAsync("greedy", dimension, limit + 1))).ShouldBeOfType<SendOutcome.Refused>();
        refused.Code.ShouldBe(TransactionResultCode.txSOROBAN_INVALID);
        Reason(refused).ShouldBe(reason);

        var record = await Net.ApplyAsync(await BuildAsync("modest", dimension, limit));
        record.Status.ShouldBe(TransactionStatus.SUCCESS, TestNetwork.Result(record).ToString());
        Net.Ledger.Balance(TestNetwork.Key("greedy").AccountId.ToString()).ShouldBe(1_000_000_000);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_take_an_envelope_of_132096_bytes_and_refuse_the_next_size()
    {
        var largest = await Declared.OfSizeAsync(Net, "modest", NetworkLimits.TxSizeBytesMax);
        Declared.Size(largest).ShouldBe(132_096);
        var larger = await Declared.OfSizeAsync(Net, "greedy", NetworkLimits.TxSizeBytesMax + 4);

        var refused = (await Net.SendAsync(larger)).ShouldBeOfType<SendOutcome.Refused>();
        refused.Code.ShouldBe(TransactionResultCode.txSOROBAN_INVALID);
        Reason(refused).ShouldBe("total transaction size exceeds network config limit");
        (await Net.ApplyAsync(largest)).Status.ShouldBe(TransactionStatus.SUCCESS);
    }

    private async Task<Transaction> BuildAsync(string account, string dimension, int amount)
    {
        var none = Declared.Nothing;
        return dimension switch
        {
            "instructions" => Declared.Restore(Net, account, none with { Instructions = (uint)amount }),
            "write bytes" => Declared.Restore(Net, account, none with { WriteBytes = (uint)amount }),
            "disk read bytes" => Declared.Restore(Net, account, none with { DiskReadBytes = (uint)amount }),
            "write entries" => Declared.Restore(Net, account, none with { Footprint = new LedgerFootprint([], Declared.Keys(Net, amount)) }),
            "footprint entries" => Declared.Extend(Net, account, none with { Footprint = new LedgerFootprint(Declared.Keys(Net, amount), []) }),

            // Live contract entries are in memory since protocol 23: only classic entries are read from disk.
            _ => await WithReadsAsync(account, amount),
        };
    }

    /// <summary>An invocation whose footprint also names accounts that it never touches.</summary>
    private async Task<Transaction> WithReadsAsync(string account, int accounts)
    {
        var assembled = await Net.AssembleAsync(Net.Build(Net.Admin, Net.Contract.GetPayout(Net.Order(Net.Admin).Key)).Build());
        var resources = assembled.SorobanData!.Resources;
        var footprint = resources.Footprint with { ReadOnly = resources.Footprint.ReadOnly.Concat(Declared.Accounts(accounts)).ToXdrArray() };
        return Declared.Pay(Net, account, assembled.Body.Operations[0].Body, resources with { Footprint = footprint }, 100, refundable: 1_000_000);
    }

    private static string Reason(SendOutcome.Refused refused)
    {
        var body = (ContractEventBody.V0)refused.DiagnosticEvents.ShouldHaveSingleItem().Decode().Event.Body;
        return ((SCVal.String)body.Value.Data).Value.Value.ToString();
    }
}
