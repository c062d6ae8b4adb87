namespace Payouts.Tests.Faults.Secrets;

/// <summary>Something that the suite said during a run, to be searched.</summary>
/// <param name="Where">As a finding names it.</param>
/// <param name="Content">The bytes as they came.</param>
/// <param name="MayCarrySignatures">Whether this is one of the named messages that carry a signed envelope by design. A secret may be nowhere.</param>
internal sealed record Evidence(string Where, byte[] Content, bool MayCarrySignatures = false);

/// <summary>Something that nobody may say.</summary>
/// <param name="Name">As a finding names it: never the secret itself.</param>
/// <param name="Text">As it is written in settings; null: it has no text.</param>
/// <param name="Bytes">The raw key; null: it has none.</param>
internal sealed record Secret(string Name, string? Text, byte[]? Bytes = null);
