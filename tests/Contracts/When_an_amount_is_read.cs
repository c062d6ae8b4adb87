using System.Globalization;
using CsCheck;

namespace Payouts.Tests.Contracts;

public sealed class When_an_amount_is_read
{
    /// <summary>Below 10^38: what 31 whole digits hold.</summary>
    private static readonly Gen<Int128> Amounts = Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 126])
        .Select((high, low, shift) => new Int128(high, low) >> shift)
        .Where(value => Int128.Abs(value >> 1) < Int128.Parse("4" + new string('9', 37), CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("0", "0", "0.0000000")]
    [InlineData("0.0000001", "1", "0.0000001")]
    [InlineData("12.5", "125000000", "12.5000000")]
    [InlineData("12.5000000", "125000000", "12.5000000")]
    [InlineData("007", "70000000", "7.0000000")]
    [InlineData("-0.0000001", "-1", "-0.0000001")]
    [InlineData("-1", "-10000000", "-1.0000000")]
    [InlineData("922337203685.4775807", "9223372036854775807", "922337203685.4775807")]
    [InlineData("922337203685.4775808", "9223372036854775808", "922337203685.4775808")]
    [InlineData("9999999999999999999999999999999.9999999", "99999999999999999999999999999999999999", "9999999999999999999999999999999.9999999")]
    public void Should_be_exact(string text, string stroops, string written)
    {
        var amount = Stroops.Parse(text);
        amount.Value.ShouldBe(Int128.Parse(stroops, CultureInfo.InvariantCulture));
        amount.ToString().ShouldBe(written);
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData(" ", "not a decimal")]
    [InlineData("1.00000001", "8 decimals; an amount has at most 7")]
    [InlineData("1.", "not a decimal")]
    [InlineData(".5", "not a decimal")]
    [InlineData("1,5", "not a decimal")]
    [InlineData("1 000", "not a decimal")]
    [InlineData("+1", "not a decimal")]
    [InlineData("--1", "not a decimal")]
    [InlineData("1e7", "not a decimal")]
    [InlineData("0x10", "not a decimal")]
    [InlineData("NaN", "not a decimal")]
    [InlineData("Infinity", "not a decimal")]
    [InlineData("\u0661", "not a decimal")]
    [InlineData("1.2.3", "not a decimal")]
    [InlineData("10000000000000000000000000000000", "larger than")]
    public void Should_refuse(string? text, string because)
    {
        Stroops.TryParse(text, out var amount, out var problem).ShouldBeFalse();
        amount.ShouldBe(Stroops.Zero);
        problem.ShouldNotBeNull().ShouldContain(because);
    }

    [Fact]
    public void Should_throw_the_reason_and_not_the_whole_of_a_long_text()
    {
        var problem = Should.Throw<FormatException>(() => Stroops.Parse(new string('x', 10_000))).Message;
        problem.ShouldContain("not a decimal");
        problem.Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void Should_read_back_what_it_writes() => Amounts.Sample(
        value => Stroops.Parse(new Stroops(value).ToString()).Value.ShouldBe(value), iter: 2000, seed: "0001mU32tpv2");

    [Fact]
    public void Should_write_seven_decimals_in_any_culture() => Amounts.Sample(value =>
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Comma();
            var text = new Stroops(value).ToString();
            text.Split('.')[1].Length.ShouldBe(7);
            Stroops.Parse(text).Value.ShouldBe(value);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }, iter: 200, seed: "0001mU32tpv2");

    [Fact]
    public void Should_add_and_order_like_whole_numbers() => Gen.Select(Gen.Long, Gen.Long).Sample((left, right) =>
    {
        var (a, b) = (new Stroops(left), new Stroops(right));
        (a + b).Value.ShouldBe((Int128)left + right);
        (a - b).Value.ShouldBe((Int128)left - right);
        (a < b).ShouldBe(left < right);
        (a >= b).ShouldBe(left >= right);
        a.CompareTo(b).ShouldBe(left.CompareTo(right));
    }, iter: 2000, seed: "0001mU32tpv2");

    [Fact]
    public void Should_throw_instead_of_wrapping()
    {
        Should.Throw<OverflowException>(() => new Stroops(Int128.MaxValue) + new Stroops(1));
        Should.Throw<OverflowException>(() => new Stroops(Int128.MinValue) - new Stroops(1));
    }

    [Fact]
    public void Should_write_the_extremes()
    {
        new Stroops(Int128.MinValue).ToString().ShouldBe("-17014118346046923173168730371588.4105728");
        new Stroops(Int128.MaxValue).ToString().ShouldBe("17014118346046923173168730371588.4105727");
    }

    private static CultureInfo Comma()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign, culture.NumberFormat.NumberGroupSeparator) = (",", "~", ".");
        return culture;
    }
}
