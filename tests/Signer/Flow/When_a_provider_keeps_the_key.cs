using System.Net;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Tests.Signers;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Flow;

/// <summary>payout-signer asks the key's provider itself; here a Vault that a local double plays, because it can be told to fail.</summary>
public sealed class When_a_provider_keeps_the_key
{
    private static readonly DateTimeOffset ValidUntil = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
    private readonly Installation _installation = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_sign_and_ask_nobody_else()
    {
        await using var vault = await VaultAsync();
        await using var host = await StartAsync(vault);
        var command = await AskAsync(host, round: 7);

        await ShouldBeSignedAsync(host, command);
        (await host.StoredAsync(command.PayoutId, SignRequestState.Signed)).Decision.ShouldBe("Signed");
        host.Witness.Requests.ShouldBeEmpty("the request is this service's own to answer");
        (await HealthAsync(host)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_not_be_ready_and_sign_nothing_until_the_provider_answers()
    {
        await using var vault = await VaultAsync();
        vault.Always = vault.Failure(DoubleFailure.Internal);
        await using var host = await StartAsync(vault);
        var command = await AskAsync(host, round: 7);

        await host.StoredAsync(command.PayoutId, SignRequestState.Waiting);
        var health = await HealthAsync(host);
        health.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        health.Text.ShouldContain("vault: nothing is signed: ProviderFailed: HTTP 503: Vault is sealed");
        vault.Requests.ShouldAllBe(request => request.Method == "GET");

        vault.Always = null;
        await ShouldBeSignedAsync(host, command);
        (await HealthAsync(host)).Status.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Access is taken away while the service runs: it neither stops nor answers no, and signs when access is back.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_keep_the_request_while_the_provider_refuses()
    {
        await using var vault = await VaultAsync();
        await using var host = await StartAsync(vault);
        await ShouldBeSignedAsync(host, await AskAsync(host, round: 6));
        vault.Always = vault.Failure(DoubleFailure.Denied);
        var command = await AskAsync(host, round: 7);

        await Probe.Until("the refusal is logged by name", () => host.LogLines.Any(line => line.Contains("vault did not sign: AccessDenied", StringComparison.Ordinal)));
        (await host.StoredAsync(command.PayoutId)).ShouldHaveSingleItem().State.ShouldBe(SignRequestState.Waiting);
        var health = await HealthAsync(host);
        (health.Status, health.Text.Contains("AccessDenied", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.OK, true), "it is told, and the rest of the service works");
        host.Witness.Failed.ShouldBeEmpty();

        vault.Always = null;
        await ShouldBeSignedAsync(host, command);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_pass_on_no_signature_that_the_ledger_would_refuse()
    {
        await using var vault = await VaultAsync();
        await using var host = await StartAsync(vault);
        byte[]? lie = null;
        vault.Next(right => right, _ => VaultDouble.Signed(VaultDouble.Version, lie = _installation.StrangerKey.Sign(new byte[32])), _ => VaultDouble.Signed(1, lie!));
        await ShouldBeSignedAsync(host, await AskAsync(host, round: 6));
        var command = await AskAsync(host, round: 7);

        await ShouldBeSignedAsync(host, command);
        host.LogLines.ShouldContain(line => line.Contains("SignatureInvalid", StringComparison.Ordinal));
        host.LogLines.ShouldContain(line => line.Contains("KeyVersionDiffers", StringComparison.Ordinal));
        host.LogLines.ShouldNotContain(line => line.Contains(vault.Token, StringComparison.Ordinal) || line.Contains(Convert.ToBase64String(lie!), StringComparison.Ordinal) || line.Contains(command.UnsignedXdr, StringComparison.Ordinal));
        (await host.LettersAsync(Cancelled)).ShouldBeEmpty();
    }

    /// <summary>Whoever can write to the database still cannot have the provider sign what no order calls for.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_reject_a_stored_request_that_was_changed()
    {
        await using var vault = await VaultAsync();
        vault.Always = vault.Failure(DoubleFailure.Internal);
        await using var host = await StartAsync(vault);
        var command = await AskAsync(host, round: 7);
        await host.StoredAsync(command.PayoutId, SignRequestState.Waiting);
        var rich = _installation.Order(7, amount: "9000");
        var forged = _installation.Build(rich, Transaction.FromBase64(command.UnsignedXdr));
        await host.ChangeAsync(db => db.SignRequests.Where(x => x.PayoutId == command.PayoutId).ExecuteUpdate(set => set
            .SetProperty(x => x.UnsignedXdr, forged.ToBase64()).SetProperty(x => x.TransactionHash, forged.Hash(_installation.Network).ToString())));

        vault.Always = null;
        var failed = await host.FailedAsync(command.PayoutId);
        failed.Code.ShouldBe(FailureCode.SignerRejected);
        failed.Detail.ShouldContain("ArgumentsDiffer");
        vault.Requests.ShouldNotContain(request => request.Method == "POST");
        host.Witness.Signed.ShouldBeEmpty();
    }

    /// <summary>A crash left requests behind: the next start finds them in the table, with no message to remind it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_sign_what_an_earlier_run_left()
    {
        await using var vault = await VaultAsync();
        vault.Always = vault.Failure(DoubleFailure.Throttled);
        var database = Path.Combine(Path.GetTempPath(), $"signer-{Guid.NewGuid():N}.db");
        SignPayout command;
        await using (var first = await StartAsync(vault, database))
        {
            command = await AskAsync(first, round: 7);
            await first.StoredAsync(command.PayoutId, SignRequestState.Waiting);
        }

        vault.Always = null;
        await using (var second = await StartAsync(vault, database))
            await ShouldBeSignedAsync(second, command);
        File.Delete(database);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_sign_many_with_a_bounded_number_at_once()
    {
        await using var vault = await VaultAsync();
        await using var host = await StartAsync(vault);
        var commands = new List<SignPayout>();
        for (var round = 100u; round < 140; round++)
            commands.Add(await AskAsync(host, round));
        foreach (var command in commands)
            await ShouldBeSignedAsync(host, command);
        vault.Requests.Count(request => request.Method == "POST").ShouldBe(commands.Count, "each is signed once");
    }

    private async Task<VaultDouble> VaultAsync()
    {
        var vault = new VaultDouble { Key = _installation.PayoutKey };
        await vault.StartAsync(Cancelled);
        return vault;
    }

    private Task<SignerHost> StartAsync(VaultDouble vault, string? database = null) => SignerHost.StartAsync(_installation, settings =>
    {
        settings["PAYOUTS_SIGNING_PROVIDER"] = "vault";
        if (database is not null)
            settings["DATABASE_URL"] = $"sqlite:{database}";
        foreach (var (name, value) in vault.Settings)
            settings[name] = value;
    });

    private async Task<SignPayout> AskAsync(SignerHost host, uint round)
    {
        var order = _installation.Order(round);
        var command = _installation.Command(order, _installation.Build(order, ValidUntil));
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(command);
        return command;
    }

    private async Task ShouldBeSignedAsync(SignerHost host, SignPayout command)
    {
        var signed = await host.SignedAsync(command.PayoutId);
        new SignatureVerifier(_installation.Network)
            .Verify(signed.SignedXdr, TransactionHash.Parse(command.TransactionHash), [_installation.PayoutKey.AccountId, _installation.Channels[0].AccountId])
            .ShouldBeOfType<SignatureVerdict.Valid>();
    }

    private static async Task<(HttpStatusCode Status, string Text)> HealthAsync(SignerHost host)
    {
        using var answer = await host.Http.GetAsync(new Uri("health/ready", UriKind.Relative), Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
