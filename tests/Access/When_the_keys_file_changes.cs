using System.Net;
using Payouts.Hosting.Access;
using Payouts.Submitter;

namespace Payouts.Tests.Access;

public sealed class When_the_keys_file_changes
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_know_the_new_keys_and_forget_the_old_without_a_restart()
    {
        var (old, young) = (ApiKey.New(), ApiKey.New());
        var (oldLine, youngLine) = (ApiKeyFile.LineOf("ana", ["read"], old), ApiKeyFile.LineOf("ana", ["read"], young));
        using var folder = new Folder();
        await using var door = await Door.OpenAsync(new Dictionary<string, string?> { ["HTTP_API_KEYS_FILE"] = folder.Write("keys", oldLine) }, [new PayoutSubmitterModule()]);
        (await AskAsync(door, old)).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(door, young)).ShouldBe(HttpStatusCode.Unauthorized);

        folder.Write("keys", $"{oldLine}\n{youngLine}\n");
        await Probe.Until("the new key counts", _ => AskAsync(door, young), status => status == HttpStatusCode.OK);
        (await AskAsync(door, old)).ShouldBe(HttpStatusCode.OK, "both are hers while she changes it");

        folder.Write("keys", $"{youngLine}\nben read {young}\n");
        await Probe.Until("the wrong line is said", async _ => { await AskAsync(door, young); return door.Lines.Any(line => line.StartsWith("Error: HTTP_API_KEYS:") && line.Contains("line 2")); });
        (await AskAsync(door, old)).ShouldBe(HttpStatusCode.OK, "a damaged file changes nothing");

        folder.Write("keys", youngLine);
        await Probe.Until("the old key is gone", _ => AskAsync(door, old), status => status == HttpStatusCode.Unauthorized);
        (await AskAsync(door, young)).ShouldBe(HttpStatusCode.OK);
        door.Lines.ShouldNotContain(line => line.Contains(old) || line.Contains(young));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_follow_a_link_that_is_turned_as_kubernetes_does_it()
    {
        var (old, young) = (ApiKey.New(), ApiKey.New());
        using var folder = new Folder();
        var link = Path.Combine(folder.Path, "keys");
        File.CreateSymbolicLink(link, folder.Write("first", ApiKeyFile.LineOf("ana", ["read"], old)));
        await using var door = await Door.OpenAsync(new Dictionary<string, string?> { ["HTTP_API_KEYS_FILE"] = link }, [new PayoutSubmitterModule()]);
        (await AskAsync(door, old)).ShouldBe(HttpStatusCode.OK);
        File.Delete(link);
        File.CreateSymbolicLink(link, folder.Write("second", ApiKeyFile.LineOf("ana", ["read"], young)));
        await Probe.Until("the new file counts", _ => AskAsync(door, young), status => status == HttpStatusCode.OK);
        (await AskAsync(door, old)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<HttpStatusCode> AskAsync(Door door, string key)
    {
        using var client = door.Client(key);
        using var answer = await client.GetAsync("submissions", Cancelled);
        return answer.StatusCode;
    }
}
