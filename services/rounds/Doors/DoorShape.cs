namespace Payouts.Rounds.Doors;

/// <summary>
/// What a door takes and answers, for docs/openapi/rounds.json. The framework's own metadata of a body would answer another content type in its
/// place, without a code.
/// </summary>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Body">Null: it takes none.</param>
/// <param name="Answers">One of these.</param>
internal sealed record DoorShape(string Summary, Type? Body, params IReadOnlyList<Type> Answers)
{
    /// <summary>The status of its success.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;
}
