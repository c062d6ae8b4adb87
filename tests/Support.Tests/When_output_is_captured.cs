namespace Payouts.Tests.Support.Tests;

public sealed class When_output_is_captured
{
    [Fact]
    public void Should_keep_the_last_lines_and_count_the_others()
    {
        var tail = new OutputTail(linesMax: 3);
        foreach (var line in new[] { "a", "b", "c", "d", "e" })
        {
            tail.Add(line);
        }

        tail.ToString().ShouldBe("(2 lines before)\nc\nd\ne");
        tail.Last(1).ShouldBe("(4 lines before)\ne");
    }

    [Fact]
    public void Should_cut_a_line_without_end()
    {
        var tail = new OutputTail(lineLengthMax: 10);
        tail.Add(new string('x', 1_000));
        tail.ToString().ShouldBe("xxxxxxxxxx ...");
    }
}
