using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Wiring;

/// <summary>A message in a queue. It leaves the queue when its consumer's service acknowledged it.</summary>
internal sealed class QueuedMessage(Guid id, string urn, byte[] body)
{
    public Guid Id { get; } = id;

    public string Urn { get; } = urn;

    public byte[] Body { get; } = body;

    /// <summary>Not delivered before this step.</summary>
    public int HeldUntil { get; set; }

    public bool IsUnderWay { get; set; }

    public int Deliveries { get; set; }

    public string Name => Urn[(Urn.LastIndexOf(':') + 1)..];

    public override string ToString() => $"{Name} {Id.ToString()[^6..]}";
}

/// <summary>
/// What RabbitMQ is for the services: one exchange a contract, durable queues, at least once, in any order. It outlives every crash
/// of a service.
/// </summary>
internal sealed class Broker(Dice dice, Tally tally)
{
    private readonly SortedDictionary<string, List<QueuedMessage>> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _bindings = new(StringComparer.Ordinal);

    /// <summary>Steps so far, by the scheduler.</summary>
    public int Step { get; set; }

    /// <summary>While faulty: messages are held back, repeated and reordered.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>Of a thousand confirmed messages, how many are lost all the same: a broker that breaks its promise.</summary>
    public int LostPerMille { get; set; }

    /// <summary>Hears every message that the broker takes, when it takes it: its URN and its body.</summary>
    public Action<string, byte[]>? Published { get; set; }

    public int Count => _queues.Values.Sum(x => x.Count);

    public void Bind(string urn, string queue)
    {
        _queues.TryAdd(queue, []);
        if (!_bindings.TryGetValue(urn, out var queues))
            _bindings[urn] = queues = new SortedSet<string>(StringComparer.Ordinal);
        queues.Add(queue);
    }

    public bool IsBound(string urn) => _bindings.ContainsKey(urn);

    public void Publish(string urn, Guid id, byte[] body)
    {
        Published?.Invoke(urn, body);
        if (!_bindings.TryGetValue(urn, out var queues))
            return;
        foreach (var queue in queues)
        {
            var message = new QueuedMessage(id, urn, body);
            tally.Add("message", message.Name);
            if (dice.Chance(LostPerMille))
                continue;
            if (IsFaulty && dice.Chance(60))
            {
                message.HeldUntil = Step + dice.Between(5, 60);
                tally.Add("fault", "DelayedMessage");
            }

            _queues[queue].Add(message);
        }
    }

    /// <summary>Every message that can be delivered now, with its queue.</summary>
    public List<(string Queue, QueuedMessage Message)> Deliverable(Func<string, bool> isTaken) =>
        [.. _queues.Where(x => isTaken(x.Key)).SelectMany(x => x.Value.Where(m => !m.IsUnderWay && m.HeldUntil <= Step).Select(m => (x.Key, m)))];

    public bool Has(Func<string, bool> queue) => _queues.Any(x => queue(x.Key) && x.Value.Count > 0);

    /// <summary>The same message stands in the queue a second time.</summary>
    public void Repeat(string queue, QueuedMessage message) =>
        _queues[queue].Add(new QueuedMessage(message.Id, message.Urn, message.Body) { HeldUntil = Step + dice.Below(40) });

    public void Acknowledge(string queue, QueuedMessage message) => _queues[queue].Remove(message);

    /// <summary>The connection of whoever had it is gone, or it was not taken: it is delivered again.</summary>
    public static void Return(QueuedMessage message) => message.IsUnderWay = false;

    /// <summary>Nothing is held back any more.</summary>
    public void Calm()
    {
        IsFaulty = false;
        foreach (var message in _queues.Values.SelectMany(x => x))
            message.HeldUntil = 0;
    }
}
