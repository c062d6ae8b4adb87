namespace Payouts.Tests.Architecture;

public sealed class When_contracts_are_judged
{
    [Fact]
    public void Should_be_sealed_records_of_required_init_members()
    {
        ContractShape.Contracts.Count().ShouldBeGreaterThan(25);
        ContractShape.Contracts.SelectMany(ContractShape.Judge).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(PlantedClass), "is no record")]
    [InlineData(typeof(PlantedOpenRecord), "is not sealed")]
    [InlineData(typeof(PlantedChild), "base class")]
    [InlineData(typeof(PlantedSetter), "is not init-only")]
    [InlineData(typeof(PlantedReader), "is not init-only")]
    [InlineData(typeof(PlantedForgotten), "neither required nor optional")]
    [InlineData(typeof(PlantedDouble), "cannot hold money")]
    [InlineData(typeof(PlantedDecimal), "cannot hold money")]
    [InlineData(typeof(PlantedArray), "use IReadOnlyList")]
    [InlineData(typeof(PlantedList), "use IReadOnlyList")]
    public void Should_catch_a_planted_shape(Type planted, string because) => ContractShape.Judge(planted).ShouldContain(found => found.Contains(because, StringComparison.Ordinal));

    [Fact]
    public void Should_have_one_file_each_named_after_it()
    {
        var files = SourceTree.Files.Where(file => file is { IsCSharp: true } && file.IsBelow("shared/contracts/")).ToList();
        var types = typeof(Contracts.PayoutOrder).Assembly.GetExportedTypes();
        files.Select(file => Path.GetFileNameWithoutExtension(file.Path)).Order(StringComparer.Ordinal).ShouldBe(types.Select(type => type.Name).Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            var declared = types.Where(type => file.Code.Bare.Contains($"record {type.Name}\n", StringComparison.Ordinal)).ToList();
            declared.Count.ShouldBeLessThanOrEqualTo(1, $"{file.Path} declares {string.Join(", ", declared.Select(type => type.Name))}");
        }
    }

    private sealed class PlantedClass;

    private record PlantedOpenRecord;

    private sealed record PlantedChild : PlantedOpenRecord;

    private sealed record PlantedSetter
    {
        public required int Attempt { get; set; }
    }

    private sealed record PlantedReader
    {
        public int Attempt { get; }
    }

    private sealed record PlantedForgotten
    {
        public string RoundId { get; init; } = "";
    }

    private sealed record PlantedDouble
    {
        public required double Amount { get; init; }
    }

    private sealed record PlantedDecimal
    {
        public decimal? Amount { get; init; }
    }

    private sealed record PlantedArray
    {
        public required string[] Players { get; init; }
    }

    private sealed record PlantedList
    {
        public required List<string> Players { get; init; }
    }
}
