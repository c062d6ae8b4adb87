using System.Security.Cryptography;
using System.Text;

namespace Payouts.Tests.Simulation.Chance;

/// <summary>What a run did, line by line: the last lines are kept to be shown, all of them are in the hash.</summary>
internal sealed class Trace(Action<string>? listener) : IDisposable
{
    private const int KeptMax = 60;
    private readonly Queue<string> _last = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The oldest first.</summary>
    public IReadOnlyCollection<string> Last => _last;

    public void Add(string line)
    {
        _hash.AppendData(Encoding.UTF8.GetBytes(line));
        _hash.AppendData("\n"u8);
        if (_last.Count == KeptMax)
            _last.Dequeue();
        _last.Enqueue(line);
        listener?.Invoke(line);
    }

    /// <summary>Of every line so far.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
