using System.Text.Json;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Hosting.Web;
using Payouts.Rounds.Cancelling;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Doors;

/// <summary>A request that changes rounds, as far as it can be read without knowing what it asks for.</summary>
/// <param name="Caller">As known at the door.</param>
/// <param name="Key">Its Idempotency-Key.</param>
/// <param name="Hash">Of method, path and body.</param>
/// <param name="Body">The whole body, bounded by the door.</param>
internal sealed record DoorRequest(Caller Caller, string Key, string Hash, byte[] Body)
{
    /// <exception cref="DoorRefusedException">Key, caller or body cannot be used.</exception>
    public static async Task<DoorRequest> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var key = http.Request.Headers[IdempotencyKey.Header];
        if (key.Count == 0 || key is [""])
            throw new DoorRefusedException(DoorCode.IdempotencyKeyMissing, "Idempotency-Key: is absent; send a key of your own with each request, and the same one when you send it again");
        if (key is not [{ } own] || !IdempotencyKey.IsOne(own))
            throw new DoorRefusedException(DoorCode.IdempotencyKeyInvalid, $"Idempotency-Key: write one key of 1 to {IdempotencyKey.LengthMax} printable ASCII characters");
        var caller = Caller.Of(http.User);
        // It stays in the trail, a line of a text that is hashed.
        if (!RoundCancellation.CanKeep(caller.Name))
            throw new DoorRefusedException(DoorCode.CallerInvalid, $"your name cannot be kept: it has more than {RoundsOptions.ReasonLengthMax} characters or some that are not printable");
        var body = await BodyAsync(http.Request, cancellationToken);
        return new DoorRequest(caller, own, IdempotencyKeys.HashOf(http.Request.Method, http.Request.Path + http.Request.QueryString, body), body);
    }

    /// <summary>The body as <typeparamref name="T"/>, under the rules of the messages: unknown members are ignored.</summary>
    /// <exception cref="DoorRefusedException">It is not one.</exception>
    public T Read<T>()
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Body, ContractsJson.Options) ?? throw new DoorRefusedException(DoorCode.BodyInvalid, "body: is null; write an object");
        }
        catch (JsonException wrong)
        {
            // The message may name our types; the place says enough.
            throw new DoorRefusedException(DoorCode.BodyInvalid, FieldChecks.Invariant(
                $"body: line {(wrong.LineNumber ?? 0) + 1}, at {FieldChecks.Shorten(wrong.Path ?? "$")}: is no JSON, lacks a member that is required, or holds a value of another kind; see docs/openapi/rounds.json"));
        }
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            return body.ToArray();
        }
        catch (BadHttpRequestException wrong)
        {
            throw wrong.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new DoorRefusedException(DoorCode.BodyTooLarge, FieldChecks.Invariant($"body: is larger than the {RoundDoors.BodyBytesMax} bytes, or for a short request the {RoundDoors.ShortBodyBytesMax} bytes, that are taken; bring entries in several requests"))
                : new DoorRefusedException(DoorCode.BodyInvalid, "body: ends early or is not framed as HTTP wants it");
        }
    }
}
