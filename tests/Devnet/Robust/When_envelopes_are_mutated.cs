using System.Text.Json;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Robust;

public sealed class When_envelopes_are_mutated : NetworkTest
{
    private const int Mutations = 1_500;
    private const int Seed = 20_260_701;

    /// <summary>One changed byte anywhere: never a payment, never a lost server.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_never_accept_one_nor_break()
    {
        var channel = Net.Account("channel");
        var original = Stellar.Xdr.XdrCodec.ToBytes((await Net.PayoutAsync(channel, Net.Order(Net.Account("winner")))).ToEnvelope());
        var random = new Random(Seed);
        for (var i = 0; i < Mutations; i++)
        {
            var mutated = (byte[])original.Clone();
            mutated[random.Next(mutated.Length)] ^= (byte)(1 << random.Next(8));
            var transaction = Convert.ToBase64String(mutated);

            var sent = await Net.CallAsync("sendTransaction", new { transaction });
            Status(sent).ShouldNotBe("PENDING", $"mutation {i} of seed {Seed}");
            var simulated = await Net.CallAsync("simulateTransaction", new { transaction });
            simulated.TryGetProperty("result", out _).ShouldBeTrue($"mutation {i} of seed {Seed}: {simulated}");
        }

        Net.CloseLedger();
        Net.Ledger.Payouts().ShouldBeEmpty();
    }

    private static string Status(JsonElement answer) => answer.TryGetProperty("result", out var result) ? result.GetProperty("status").GetString()! : "error";
}
