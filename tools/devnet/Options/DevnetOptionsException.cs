namespace Payouts.Devnet.Options;

/// <summary>A setting that cannot be used. The message is one line and names the key.</summary>
public sealed class DevnetOptionsException(string key, string problem) : Exception($"{key} {problem}")
{
    public string Key { get; } = key;
}
