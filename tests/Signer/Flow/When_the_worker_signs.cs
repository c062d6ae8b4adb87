using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Tests.Support;
using Payouts.SignerWorker;
using Payouts.Stellar;
using Payouts.Tests.Signers;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

/// <summary>signer-worker alone, on requests as payout-signer publishes them; its Vault is a local double.</summary>
public sealed class When_the_worker_signs
{
    private readonly Installation _installation = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_answer_with_the_providers_signature()
    {
        await using var vault = await VaultAsync();
        await using var worker = await WorkerAsync(vault);
        var request = Request(round: 7);
        await worker.SendAsync(request);
        var answer = await worker.CompletedAsync(request);
        answer.TransactionHash.ShouldBe(request.TransactionHash);
        var signature = answer.Signatures.ShouldHaveSingleItem();
        signature.PublicKey.ShouldBe(_installation.PayoutKey.AccountId.ToString());
        _installation.PayoutKey.Verify(Convert.FromHexString(request.TransactionHash), Convert.FromBase64String(signature.Signature)).ShouldBeTrue();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_reject_what_it_must_not_sign_without_asking_the_provider()
    {
        await using var vault = await VaultAsync();
        await using var worker = await WorkerAsync(vault);
        var right = Request(round: 7);
        SigningRequested[] lies =
        [
            right with { RequestId = Guid.NewGuid(), NetworkPassphrase = Network.Public.Passphrase },
            right with { RequestId = Guid.NewGuid(), Intent = right.Intent with { Contract = _installation.Token.ToString() } },
            right with { RequestId = Guid.NewGuid(), Intent = right.Intent with { Order = right.Intent.Order with { Amount = new Stroops(1) } } },
            right with { RequestId = Guid.NewGuid(), Signers = [_installation.StrangerKey.AccountId.ToString()] },
        ];
        foreach (var lie in lies)
        {
            await worker.SendAsync(lie);
            (await worker.RejectedAsync(lie)).Reason.ShouldNotBeEmpty();
        }

        vault.Requests.ShouldNotContain(request => request.Method == "POST");
    }

    /// <summary>A rejection would put the payout before a human, although nothing is wrong with it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_keep_a_request_while_the_provider_fails()
    {
        await using var vault = await VaultAsync();
        await using var worker = await WorkerAsync(vault);
        await worker.SendAsync(Request(round: 6));
        await worker.CompletedAsync(Request(round: 6));
        vault.Always = vault.Failure(DoubleFailure.Denied);
        var request = Request(round: 7);
        await worker.SendAsync(request);
        await Probe.Until("the refusal is logged by name", () => worker.LogLines.Any(line => line.Contains("AccessDenied", StringComparison.Ordinal)));
        vault.Always = null;
        await worker.CompletedAsync(request);
        worker.Rejected.ShouldBeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_leave_a_request_whose_deadline_is_over()
    {
        await using var vault = await VaultAsync();
        await using var worker = await WorkerAsync(vault);
        await worker.SendAsync(Request(round: 6) with { Deadline = DateTimeOffset.UnixEpoch });
        await Probe.Until("it is left by name", () => worker.LogLines.Any(line => line.Contains("past its deadline", StringComparison.Ordinal)));
        vault.Requests.ShouldNotContain(request => request.Method == "POST");
        worker.Completed.ShouldBeEmpty();
        worker.Rejected.ShouldBeEmpty();
    }

    /// <summary>Its key is one of several that sign for an account which is not the key's own.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_sign_as_one_of_several_and_say_no_in_its_own_name()
    {
        var (own, other) = (_installation.SignerKeys[0], _installation.SignerKeys[1]);
        await using var vault = await VaultAsync(own);
        await using var worker = await WorkerAsync(vault, settings =>
        {
            settings["SIGNER_ACCOUNT"] = own.AccountId.ToString();
            settings["SIGNER_QUEUE"] = "signer-worker.second";
        });
        var request = Request(round: 7) with { Signers = [other.AccountId.ToString(), own.AccountId.ToString()], Threshold = 2, Weights = [1, 1] };
        await worker.SendAsync(request);
        (await worker.CompletedAsync(request)).Signatures.ShouldHaveSingleItem().PublicKey.ShouldBe(own.AccountId.ToString());

        SigningRequested[] lies =
        [
            request with { RequestId = Guid.NewGuid(), Signers = [other.AccountId.ToString()] },
            request with { RequestId = Guid.NewGuid(), Intent = request.Intent with { PayoutSource = own.AccountId.ToString() } },
        ];
        foreach (var lie in lies)
        {
            await worker.SendAsync(lie);
            (await worker.RejectedAsync(lie)).PublicKey.ShouldBe(own.AccountId.ToString());
        }
    }

    private async Task<VaultDouble> VaultAsync(KeyPair? key = null)
    {
        var vault = new VaultDouble { Key = key ?? _installation.PayoutKey };
        await vault.StartAsync(Cancelled);
        return vault;
    }

    private Task<WorkerHost> WorkerAsync(VaultDouble vault, Action<Dictionary<string, string?>>? change = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["SIGNER_PROVIDER"] = "vault",
            ["RABBITMQ_URL"] = "inmemory",
            ["STELLAR_NETWORK_PASSPHRASE"] = _installation.Network.Passphrase,
            ["PAYOUT_CONTRACT_ID"] = _installation.Contract.ToString(),
            ["PAYOUT_SOURCE_ACCOUNT"] = _installation.PayoutKey.AccountId.ToString(),
        };
        foreach (var (name, value) in vault.Settings)
            settings[name] = value;
        change?.Invoke(settings);
        return WorkerHost.StartAsync(settings, new SignerWorkerModule());
    }

    private SigningRequested Request(uint round)
    {
        var order = _installation.Order(round);
        var command = _installation.Command(order, _installation.Build(order, DateTimeOffset.FromUnixTimeSeconds(4_000_000_000)));
        return new SigningRequested
        {
            RequestId = command.PayoutId.Value,
            PayoutId = command.PayoutId,
            Attempt = 1,
            NetworkPassphrase = _installation.Network.Passphrase,
            TransactionHash = command.TransactionHash,
            UnsignedXdr = command.UnsignedXdr,
            Signers = [_installation.PayoutKey.AccountId.ToString()],
            Intent = new IntentCheck(_installation.Policy).Check(command).ShouldBeOfType<IntentVerdict.Sound>().Intent,
            Deadline = command.ValidUntil,
        };
    }
}
