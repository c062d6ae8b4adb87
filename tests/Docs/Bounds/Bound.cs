namespace Payouts.Tests.Docs.Bounds;

/// <summary>A bound as the source states it.</summary>
/// <param name="Room">The folder whose section of docs/bounds.md names it: services/rounds.</param>
/// <param name="Name">A setting, Type.Member, Type(parameter), or what has no bound of its own: "Type: while (true)".</param>
/// <param name="Value">As the document must begin its value with; null: the source says it in a way that is not read here.</param>
internal sealed record Bound(string Room, string Name, string? Value);

/// <summary>A table of a service's schema.</summary>
/// <param name="Room">The folder whose migrations create it.</param>
/// <param name="Name">The table.</param>
/// <param name="IsForgotten">A retention rule removes its old rows.</param>
internal sealed record StoredTable(string Room, string Name, bool IsForgotten);
