using System.Numerics;
using Millrace.Sql.Values;

namespace Millrace.Tests.Sql;

public class NumberTests
{
    [Fact]
    public void Numbers_on_both_sides_of_each_limit_are_computed_exactly()
    {
        long[] edges = [0, 1, 9, 10, 18, 400, 474, int.MaxValue - 1L, int.MaxValue, int.MaxValue + 1L, uint.MaxValue, 999_999_999_999_999_999, long.MaxValue];
        long[] coefficients = [.. edges, .. edges.Select(static edge => -edge), int.MinValue, long.MinValue + 1];
        int[] exponents = [-12, -10, -9, -1, 0, 1, 9, 10];
        var numbers = coefficients.SelectMany(c => exponents.Select(e => (c, e))).ToArray();
        foreach (var (c, e) in numbers)
            foreach (var (d, f) in numbers)
            {
                Assert.True(Number.TryOf(c, e, out var a));
                Assert.True(Number.TryOf(d, f, out var b));
                var (x, y) = (c * BigInteger.Pow(10, e + 12), d * BigInteger.Pow(10, f + 12));
                Assert.Equal(x.CompareTo(y), Math.Sign(Number.Compare(a, b)));
                Assert.True(Number.TryAdd(a, b, out var sum));
                if (BigInteger.Abs(x + y) < BigInteger.Pow(10, 34)) Assert.Equal(x + y, Units(sum, 12));
                Assert.True(Number.TryMultiply(a, b, out var product));
                if (BigInteger.Abs((BigInteger)c * d) < BigInteger.Pow(10, 34)) Assert.Equal(x * y, Units(product, 24));
                Assert.Equal(sum.Coefficient == 0, sum.IsZero);
                Assert.Equal(product.Coefficient.CompareTo(0), product.Sign);
            }
    }

    /// <summary>In units of the last of so many places, which takes that whole numbers have no negative exponent.</summary>
    private static BigInteger Units(Number number, int places)
    {
        Assert.True(number.Exponent >= 0 || number.Coefficient % 10 != 0, $"{number.Coefficient} x 10^{number.Exponent}");
        return (BigInteger)number.Coefficient * BigInteger.Pow(10, number.Exponent + places);
    }
}
