using System.Diagnostics;
using Npgsql;
using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Stellar;
using Payouts.Tests.Suite;
using PayoutOrder = Payouts.Contracts.PayoutOrder;

namespace Payouts.Bench.Safety;

/// <summary>What one check costs, computed once for each payout.</summary>
/// <param name="Guard">The check.</param>
/// <param name="Microseconds">Processor time of one, warm; the fastest of several repeats, because other work can only make one slower.</param>
internal sealed record GuardCost(string Guard, double Microseconds);

/// <summary>payout-signer's pure checks, measured on the requests of the run that was just played.</summary>
internal static class GuardCosts
{
    private const int RequestsMax = 500;
    private const int Repeats = 15;

    public static async Task<IReadOnlyList<GuardCost>> MeasureAsync(SuiteProcesses suite, CancellationToken cancellationToken)
    {
        var channels = await ChannelsAsync(suite, cancellationToken);
        var policy = new SignerPolicy
        {
            Network = suite.Devnet.Ledger.Network,
            Call = new PayoutContractCall(suite.Devnet.Ledger.PayoutContract),
            PayoutSource = SuiteKeys.PayoutSource.AccountId,
            Channels = channels.Keys.ToHashSet(),
            FeeStroopsMax = 2_000_000,
            Tokens = new Dictionary<string, ContractId> { ["XLM"] = ContractId.Parse(suite.NativeToken) },
        };
        var intents = new IntentCheck(policy);
        var answers = new AnswerCheck(policy, new SigningKeys(null, channels));
        var requests = await RequestsAsync(suite, cancellationToken);
        var sound = requests.ConvertAll(x => new Signed(SignOrder.Of(x.Request, x.Debt), x.Request, AnswerTo(x.Request)));
        Require(sound.TrueForAll(x => intents.Check(x.Command) is IntentVerdict.Sound), "payout-signer's check refuses what the run signed");
        Require(sound.TrueForAll(x => answers.Check(x.Request, x.Answer) is AnswerVerdict.Good), "payout-signer's check refuses what the run's signer returned");
        return
        [
            new("independent check before anybody signs: decode, hash, compare, id", Fastest(sound, x => intents.Check(x.Command))),
            new("check of the answer: strict Ed25519, exact signer set, channel's signature", Fastest(sound, x => answers.Check(x.Request, x.Answer))),
        ];
    }

    private static double Fastest(List<Signed> inputs, Func<Signed, object> check)
    {
        var fastest = TimeSpan.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var clock = Stopwatch.StartNew();
            foreach (var input in inputs)
                check(input);
            fastest = clock.Elapsed < fastest ? clock.Elapsed : fastest;
        }

        return fastest.TotalMicroseconds / inputs.Count;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"{otherwise}, so its time says nothing");
    }

    private static Answer AnswerTo(SignRequest request) => new()
    {
        TransactionHash = request.TransactionHash,
        Signatures =
        [
            new SignatureByKey
            {
                PublicKey = SuiteKeys.PayoutSource.AccountId.ToString(),
                Signature = Convert.ToBase64String(SuiteKeys.PayoutSource.Sign(Convert.FromHexString(request.TransactionHash))),
            },
        ],
    };

    private static async Task<Dictionary<AccountId, KeyPair>> ChannelsAsync(SuiteProcesses suite, CancellationToken cancellationToken)
    {
        var count = await suite.Database.ReadAsync<long>("select count(*) from payout_builder.channels", cancellationToken);
        return Enumerable.Range(0, (int)count).Select(SuiteKeys.Channel).ToDictionary(key => key.AccountId);
    }

    private static async Task<List<(SignRequest Request, PayoutOrder Debt)>> RequestsAsync(SuiteProcesses suite, CancellationToken cancellationToken)
    {
        await using var connection = await suite.Database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select r.request_id, r.payout_id, r.attempt, r.transaction_hash, r.unsigned_xdr, r.channel, r.sequence_number, r.valid_until,
                o.context, o.pool_id, o.round_number, o.winner, o.amount::text, o.currency
            from payout_signer.sign_requests r join payout_signer.orders o using (payout_id)
            where r.state = 'Signed' order by r.asked_at desc limit $1
            """, connection);
        command.Parameters.Add(new() { Value = RequestsMax });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var requests = new List<(SignRequest, PayoutOrder)>();
        while (await row.ReadAsync(cancellationToken))
        {
            var request = new SignRequest
            {
                RequestId = row.GetGuid(0),
                PayoutId = new PayoutId(row.GetGuid(1)),
                Attempt = row.GetInt32(2),
                TransactionHash = row.GetString(3),
                UnsignedXdr = row.GetString(4),
                Channel = row.GetString(5),
                SequenceNumber = row.GetInt64(6),
                ValidUntil = await row.GetFieldValueAsync<DateTimeOffset>(7, cancellationToken),
            };
            requests.Add((request, new PayoutOrder
            {
                Context = row.GetString(8),
                PoolId = (uint)row.GetInt64(9),
                RoundNumber = (uint)row.GetInt64(10),
                Winner = row.GetString(11),
                Amount = new Stroops(Int128.Parse(row.GetString(12), System.Globalization.CultureInfo.InvariantCulture)),
                Currency = row.GetString(13),
            }));
        }

        return requests;
    }

    private sealed record Signed(SignOrder Command, SignRequest Request, Answer Answer);
}
