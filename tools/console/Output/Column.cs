using System.Text.Json.Nodes;

namespace Payouts.OperatorConsole.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Cell">What a row shows in it.</param>
internal sealed record Column(string Title, Func<JsonNode, Clock, string> Cell)
{
    /// <summary>Amounts and counts are compared by their last digits.</summary>
    public bool IsRight { get; private init; }

    /// <summary>A state is coloured by what it means.</summary>
    public bool IsState { get; private init; }

    public static Column Text(string title, string path) => new(title, (row, _) => row.Text(path));

    public static Column Number(string title, string path) => new(title, (row, _) => row.Text(path)) { IsRight = true };

    public static Column Time(string title, string path) => new(title, (row, clock) => clock.Show(row.Text(path)));

    public static Column State(string title, string path) => new(title, (row, _) => row.Text(path)) { IsState = true };
}
