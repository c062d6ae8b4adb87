using System.Collections.Concurrent;

namespace Payouts.Signers.Tests.Guard;

/// <summary>A provider that does what the test says, call by call; after the script it signs rightly.</summary>
internal sealed class ScriptedKey(KeyPair pair, params Func<TransactionHash, CancellationToken, Task<byte[]>>[] script) : ISigningKey
{
    private readonly ConcurrentQueue<Func<TransactionHash, CancellationToken, Task<byte[]>>> _script = new(script);
    private int _calls;
    private int _inside;

    public int Calls => _calls;

    public int InsideMax { get; private set; }

    public Queue<SigningProblem> PublicKeyProblems { get; } = [];

    public TaskCompletionSource? Hold { get; init; }

    public Task<AccountId> ReadPublicKeyAsync(CancellationToken cancellationToken) => PublicKeyProblems.TryDequeue(out var problem)
        ? Task.FromException<AccountId>(new SigningFailedException(problem, "as the test says"))
        : Task.FromResult(pair.AccountId);

    public async Task<byte[]> SignAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        var inside = Interlocked.Increment(ref _inside);
        lock (_script)
            InsideMax = Math.Max(InsideMax, inside);
        try
        {
            if (Hold is { } hold)
                await hold.Task.WaitAsync(cancellationToken);
            return _script.TryDequeue(out var step) ? await step(hash, cancellationToken) : pair.Sign(hash.Bytes);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static Func<TransactionHash, CancellationToken, Task<byte[]>> Fails(SigningProblem problem) =>
        Throws(new SigningFailedException(problem, "as the test says"));

    public static Func<TransactionHash, CancellationToken, Task<byte[]>> Throws(Exception exception) => (_, _) => Task.FromException<byte[]>(exception);

    public static Func<TransactionHash, CancellationToken, Task<byte[]>> Gives(Func<TransactionHash, byte[]> answer) => (hash, _) => Task.FromResult(answer(hash));
}
