using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Payouts.Signers;
using Payouts.Stellar;

namespace Payouts.Tests.Signers;

/// <summary>A request as it arrived.</summary>
public sealed record RecordedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Text)
{
    /// <summary>The body; an empty object when it is no JSON.</summary>
    public JsonObject Body { get; } = !Text.StartsWith('{') ? [] : JsonNode.Parse(Text)!.AsObject();

    /// <summary>The names of the body's members.</summary>
    public IEnumerable<string> Members => Body.Select(member => member.Key);
}

/// <summary>An answer to send.</summary>
public sealed record DoubleAnswer(int Status, JsonObject Body);

/// <summary>A failure that every provider has, each in its own words.</summary>
public enum DoubleFailure
{
    Denied,
    Unauthenticated,
    Throttled,
    Internal,
    NotFound,
    Disabled,
    Malformed,
}

/// <summary>
/// A provider on this host with a real Ed25519 key behind it. It holds the documented requests and answers, refuses a request that has
/// anything else in it, and fails as a test says. It proves that the client and the documents agree, not that the cloud does.
/// </summary>
public abstract class ProviderDouble : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentQueue<Func<DoubleAnswer, DoubleAnswer?>> _changes = new();
    private WebApplication? _app;

    /// <summary>The key that signs.</summary>
    public KeyPair Key { get; init; } = KeyPair.FromRawSeed(Enumerable.Repeat((byte)0x51, 32).ToArray());

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app!.Urls.First());

    /// <summary>What arrived, in order.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>While set, every request gets this instead.</summary>
    public DoubleAnswer? Always { get; set; }

    /// <summary>The adapter, pointed at this double.</summary>
    public abstract ISigningKey CreateKey();

    /// <summary>The settings of a program that signs here; null: its credentials cannot be given so.</summary>
    public virtual IReadOnlyDictionary<string, string>? Settings => null;

    /// <summary>The failure in the provider's own words.</summary>
    public abstract DoubleAnswer Failure(DoubleFailure failure);

    /// <summary>An answer with the signature of another key.</summary>
    public abstract DoubleAnswer WithSignature(DoubleAnswer right, byte[] signature);

    /// <summary>What the next requests get, each made from the right answer; null: no answer at all.</summary>
    public void Next(params Func<DoubleAnswer, DoubleAnswer?>[] changes)
    {
        foreach (var change in changes)
            _changes.Enqueue(change);
    }

    /// <summary>Starts to listen on a free port.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(HandleAsync);
        await _app.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The right answer, or the refusal of a request that the provider's documents do not allow.</summary>
    protected abstract DoubleAnswer Answer(RecordedRequest request);

    /// <summary>The content type of every answer.</summary>
    protected virtual string ContentType => "application/json";

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new RecordedRequest(
            context.Request.Method,
            context.Request.Path.Value!,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(context.RequestAborted));
        _requests.Enqueue(request);
        var answer = Always ?? Answer(request);
        if (Always is null && _changes.TryDequeue(out var change))
        {
            if (change(answer) is not { } changed)
            {
                // As long as the client listens.
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            answer = changed;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = ContentType;
        await context.Response.WriteAsync(answer.Body.ToJsonString(), context.RequestAborted);
    }

    /// <summary>The answer with members set to other values.</summary>
    public static DoubleAnswer With(DoubleAnswer right, params (string Member, JsonNode? Value)[] members)
    {
        var body = right.Body.DeepClone().AsObject();
        foreach (var (member, value) in members)
            body[member] = value?.DeepClone();
        return right with { Body = body };
    }
}
