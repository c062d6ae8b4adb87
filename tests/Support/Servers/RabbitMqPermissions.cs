namespace Payouts.Tests.Support;

/// <summary>What a user may do in a virtual host: regular expressions over the names of queues and exchanges.</summary>
public sealed record RabbitMqPermissions(string Configure, string Write, string Read)
{
    /// <summary>Everything.</summary>
    public static readonly RabbitMqPermissions All = new(".*", ".*", ".*");
}
