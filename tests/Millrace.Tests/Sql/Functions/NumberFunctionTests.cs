namespace Millrace.Tests.Sql.Functions;

public class NumberFunctionTests
{
    [Theory]
    [InlineData("abs(-5)", "5")]
    [InlineData("abs('-5.5')", "5.5")]
    [InlineData("abs(5)", "5")]
    [InlineData("abs('x')", null)]
    [InlineData("abs(true)", null)]
    [InlineData("abs(nul)", null)]
    [InlineData("abs([1])", null)]
    [InlineData("abs(missing)", null)]
    [InlineData("abs(-9999999999999999999999999999999999)", "9999999999999999999999999999999999")]
    [InlineData("sign(-2)", "-1")]
    [InlineData("sign(0)", "0")]
    [InlineData("sign('2.5')", "1")]
    [InlineData("ceil(1.2)", "2")]
    [InlineData("ceil('-1.2')", "-1")]
    [InlineData("floor(-1.2)", "-2")]
    [InlineData("floor('1.9')", "1")]
    [InlineData("floor(1e-900)", "0")]
    [InlineData("ceil(1e-900)", "1")]
    [InlineData("floor(-1e-900)", "-1")]
    [InlineData("round(1.5)", "2")]
    [InlineData("round(2.5)", "3")]
    [InlineData("round(-1.5)", "-2")]
    [InlineData("round(-1.1)", "-1")]
    [InlineData("round(1.4999999999999999999999999)", "1")]
    [InlineData("round('x')", null)]
    [InlineData("mod(8, 3)", "2")]
    [InlineData("mod(-8, 3)", "-2")]
    [InlineData("mod('8.5', 3)", "2.5")]
    [InlineData("remainder(8, 0)", null)]
    [InlineData("mod(true, 3)", null)]
    [InlineData("trunc(2.3, 0)", "2")]
    [InlineData("trunc(2.3123, 2)", "2.31")]
    [InlineData("trunc(2.888, 2)", "2.88")]
    [InlineData("trunc(-2.888, 2)", "-2.88")]
    [InlineData("trunc(2.00, 1)", "2")]
    [InlineData("trunc(2.105, 2)", "2.1")]
    [InlineData("trunc(2.5, -3)", "2")]
    [InlineData("trunc(2.5, 1000)", "2.5")]
    [InlineData("trunc('2.55', '1.9')", "2.5")]
    [InlineData("trunc(1e-900, 34)", "0")]
    [InlineData("trunc(123, 2)", "123")]
    [InlineData("trunc(nul, 2)", null)]
    [InlineData("trunc(2.5, true)", null)]
    public void Numbers_stay_exact(string expression, string? expected) => Assert.Equal(expected, Rule.Value(expression));

    [Theory]
    [InlineData("acos(0)", "1.5707963267948966")]
    [InlineData("acos(2)", null)]
    [InlineData("asin(0)", "0")]
    [InlineData("asin(-1.5)", null)]
    [InlineData("atan(0)", "0")]
    [InlineData("atan2(1, 0)", "1.5707963267948966")]
    [InlineData("atan2(0, -1)", "3.141592653589793")]
    [InlineData("atan2('1', 'x')", null)]
    [InlineData("cos(0)", "1")]
    [InlineData("cosh('2.3')", "5.037220649268761")]
    [InlineData("cosh(1000)", null)]
    [InlineData("sin(0)", "0")]
    [InlineData("sinh(2.3)", "4.936961805545957")]
    [InlineData("tan(3)", "-0.1425465430742778")]
    [InlineData("tanh(2.3)", "0.9800963962661914")]
    [InlineData("exp(1)", "2.718281828459045")]
    [InlineData("exp(1000)", null)]
    [InlineData("ln(1)", "0")]
    [InlineData("ln(0)", null)]
    [InlineData("ln(-1)", null)]
    [InlineData("log(100)", "2")]
    [InlineData("log(0)", null)]
    [InlineData("sqrt(9)", "3")]
    [InlineData("sqrt(-9)", null)]
    [InlineData("sqrt('2')", "1.4142135623730951")]
    [InlineData("power(2, 3)", "8")]
    [InlineData("power(2, 0.5)", "1.4142135623730951")]
    [InlineData("power(-8, 0.5)", null)]
    [InlineData("power(10, 400)", null)]
    [InlineData("power(0, -1)", null)]
    [InlineData("sin(false)", null)]
    [InlineData("sin(nul)", null)]
    public void Functions_of_doubles_are_undefined_where_there_is_no_such_number(string expression, string? expected) =>
        Assert.Equal(expected, Rule.Value(expression));

    [Theory]
    [InlineData("bitand(13, 5)", "5")]
    [InlineData("bitand(13.9, '5.2')", "5")]
    [InlineData("bitand(-1, 255)", "255")]
    [InlineData("bitand(-1.5, -1)", "-2")]
    [InlineData("bitor(8, 5)", "13")]
    [InlineData("bitor(-8, 5)", "-3")]
    [InlineData("bitxor(13, 5)", "8")]
    [InlineData("bitxor(-1, 0)", "-1")]
    [InlineData("bitnot(13)", "-14")]
    [InlineData("bitnot('-14')", "13")]
    [InlineData("bitand(1180591620717411303424, 1180591620717411303425)", "1180591620717411303424")]
    [InlineData("bitand(1e33, 1e33)", "1000000000000000000000000000000000")]
    [InlineData("bitand(1e34, 1)", null)]
    [InlineData("bitand(1e999, 1)", null)]
    [InlineData("bitor(1e-999, 1)", "1")]
    [InlineData("bitand(13, 'x')", null)]
    [InlineData("bitor(true, 1)", null)]
    [InlineData("bitxor(nul, 1)", null)]
    public void Bits_are_those_of_whole_numbers_in_twos_complement(string expression, string? expected) =>
        Assert.Equal(expected, Rule.Value(expression));

    [Fact]
    public void Bits_are_those_of_the_machine()
    {
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var (a, b) = (random.NextInt64() - (1L << 62), random.NextInt64() - (1L << 62));
            Assert.Equal($"{a & b}", Rule.Value($"bitand({a}, {b})"));
            Assert.Equal($"{a | b}", Rule.Value($"bitor({a}, {b})"));
            Assert.Equal($"{a ^ b}", Rule.Value($"bitxor({a}, {b})"));
            Assert.Equal($"{~a}", Rule.Value($"bitnot({a})"));
        }
    }
}
