namespace Payouts.Tests.Architecture;

public sealed class When_csharp_is_taken_apart
{
    [Theory]
    [InlineData("a // b\nc", "a     \nc")]
    [InlineData("a /* b\nc */ d", "a     \n     d")]
    [InlineData("x = \"a // b\";", "x =         ;")]
    [InlineData("x = \"a\\\"b\"; y", "x =       ; y")]
    [InlineData("x = @\"a\"\"b\\\"; y", "x =         ; y")]
    [InlineData("x = $\"a {b.C} d\"; y", "x =     {b.C}   ; y")]
    [InlineData("x = $\"{a(\"b\")}{{c}}\";", "x =   {a(   )}      ;")]
    [InlineData("x = $\"{new { A = 1 }.A}\";", "x =   {new { A = 1 }.A} ;")]
    [InlineData("x = \"\"\"a \"b\" // c\"\"\"; y", "x =                 ; y")]
    [InlineData("x = '\"'; y = '\\''; z", "x =    ; y =     ; z")]
    public void Should_keep_code_and_places(string text, string bare) => CSharpText.Parse(text).Bare.ShouldBe(bare);

    [Fact]
    public void Should_keep_every_line_of_every_file()
    {
        foreach (var file in SourceTree.Files.Where(file => file is { IsCSharp: true, IsGenerated: false }))
        {
            file.Code.Bare.Length.ShouldBe(file.Text.Length, file.Path);
            file.Code.Bare.Count(c => c == '\n').ShouldBe(file.Text.Count(c => c == '\n'), file.Path);
            // What is left of balanced code is balanced: a text taken for code would break this.
            file.Code.Bare.Count(c => c == '{').ShouldBe(file.Code.Bare.Count(c => c == '}'), file.Path);
        }
    }
}
