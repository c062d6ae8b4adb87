using Payouts.Stellar.Tests.Judging;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Tests.Fuzzing;

/// <summary>Bytes to be read as a type.</summary>
internal sealed record Input(Type Type, byte[] Bytes)
{
    public override string ToString() => $"{Type.Name} {Convert.ToBase64String(Bytes)}";
}

/// <summary>How an input fails: what is wrong, and the innermost type that it is wrong in.</summary>
internal readonly record struct ErrorPlace(XdrErrorKind Kind, string TypeName)
{
    public static ErrorPlace Of(XdrException exception) => new(exception.Kind, exception.TypeName);
}

/// <summary>An input that was the first to fail in its way.</summary>
internal sealed record Finding(Input Input, ErrorPlace Place)
{
    public override string ToString() => $"{Place.Kind} {Place.TypeName} {Input}";
}

/// <summary>The committed inputs that mutation starts from: one a line, base64, under corpus/.</summary>
internal static class Corpus
{
    public const string SeedsFile = "seeds.txt";
    public const string FindingsFile = "findings.txt";

    private static readonly Dictionary<string, Type> TypesByName = XdrTypes.All.ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>Values of every XDR type.</summary>
    public static IReadOnlyList<Input> Seeds { get; } = [.. Lines(SeedsFile).Select(line => ReadInput(line.Split(' ')))];

    /// <summary>One input for each way of failing that was ever seen.</summary>
    public static IReadOnlyList<Finding> Findings { get; } = [.. Lines(FindingsFile).Select(line => line.Split(' ')).Select(parts =>
        new Finding(ReadInput(parts[2..]), new ErrorPlace(Enum.Parse<XdrErrorKind>(parts[0]), parts[1])))];

    /// <summary>What real networks and the devnet's ledger recorded.</summary>
    public static IReadOnlyList<Input> Recorded { get; } =
    [
        .. Vectors.Hashes.Select(v => new Input(typeof(TransactionEnvelope), Convert.FromBase64String(v.Envelope))).Where(i => i.Bytes.Length < 2000),
        .. Vectors.Outcomes.Select(o => new Input(typeof(TransactionResult), Convert.FromBase64String(o.Result))),
        .. Vectors.Outcomes.Select(o => new Input(typeof(TransactionMeta), Convert.FromBase64String(o.Meta))),
    ];

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "corpus", file));

    private static Input ReadInput(string[] parts) => new(TypesByName[parts[0]], Convert.FromBase64String(parts[1]));
}
