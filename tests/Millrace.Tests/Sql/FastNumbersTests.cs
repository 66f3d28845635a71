using System.Buffers;
using System.Globalization;
using System.Text;
using Millrace.Sql.Rules;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Sql;

/// <summary>The nodes for numbers beside the plain ones: whatever the payload, both must give the same.</summary>
public class FastNumbersTests
{
    private static readonly string[] Constants =
        ["0", "1", "40", "40.5", "40.25", "0.1", "9", "1000000000000000000", "99999999999999999999", "1E20", "1E-20", "0.000000000000000001", "123456789.987654321", "'40'"];

    private static readonly string[] Operators = ["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "=", "<>"];

    [Fact]
    public void Random_expressions_give_what_the_plain_nodes_give()
    {
        var context = new RuleContext(TimeProvider.System, new Random(1));
        var numbers = 0;
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            var where = random.Next(3) == 0 ? $" WHERE NOT ({Expression(random, 2)} > {Operand(random)})" : "";
            var sql = $"SELECT {Expression(random, 3)} AS r, {Expression(random, 1)} AS s FROM '#'{where}";
            var (fast, plain) = (Compile(sql, plain: false), Compile(sql, plain: true));
            for (var i = 0; i < 6; i++)
            {
                var payload = Payload(random);
                var expected = Run(plain, payload, context);
                Assert.True(expected == Run(fast, payload, context), $"seed {seed}: {sql} of {payload}: {expected}");
                if (expected.StartsWith("Output {\"r\":", StringComparison.Ordinal)) numbers++;
            }
        }

        Assert.True(numbers > 2_000, $"only {numbers} gave anything");
    }

    [Fact]
    public void A_field_is_compared_with_a_constant_as_the_plain_node_compares_it()
    {
        var context = new RuleContext(TimeProvider.System, new Random(1));
        string[] values =
        [
            "0", "-0", "0.0", "40", "40.0", "40.00", "40.1", "39.9", "40.5", "40.50", "40.49", "40.51", "40.25", "40.2500000000000", "-40", "-40.5", "-0.1", "0.1",
            "0.10000000000000000", "4e1", "40E0", "9", "999999999999999999", "1000000000000000000", "1e20", "99999999999999999999", "1e-20", "1e-400", "1e400",
            "0.0000000000000001", "123456789.987654321", "\"40\"", "\"40.5\"", "\" 40\"", "\"x\"", "true", "null", "[40]", "{}",
        ];
        foreach (var constant in Constants.Concat(["-40", "-40.5", "-0.1"]))
            foreach (var sign in new[] { "<", "<=", ">", ">=" })
                foreach (var condition in new[] { $"a {sign} {constant}", $"{constant} {sign} a" })
                {
                    var sql = $"SELECT * FROM '#' WHERE {condition}";
                    var (fast, plain) = (Compile(sql, plain: false), Compile(sql, plain: true));
                    foreach (var value in values)
                    {
                        var payload = $"{{\"a\":{value}}}";
                        Assert.True(Run(plain, payload, context) == Run(fast, payload, context), $"{condition} where a is {value}");
                    }
                }
    }

    [Theory]
    [InlineData("value > 40", "47.4", true)]
    [InlineData("value > 47.4", "47.4", false)]
    [InlineData("value >= 47.4", "47.40", true)]
    [InlineData("value < 47.45", "47.4", true)]
    [InlineData("47.35 < value", "47.4", true)]
    [InlineData("value <= -47.4", "-47.4", true)]
    [InlineData("value < -47.4", "-47.41", true)]
    [InlineData("value > 0.1", "0.10000000000000000001", true)]
    public void Thresholds_are_exact(string condition, string value, bool fires) =>
        Assert.Equal(fires, Rule.Run($"SELECT * FROM '#' WHERE {condition}", $"{{\"value\":{value}}}").Result == RuleResult.Unchanged);

    [Fact]
    public void An_operand_that_is_no_number_is_evaluated_once_however_deep_it_stands()
    {
        var sql = string.Concat(Enumerable.Repeat("(1 + ", 25)) + "missing" + string.Concat(Enumerable.Repeat(")", 25));
        Assert.Null(Rule.Value(sql));
    }

    private static string Run(CompiledRule rule, string payload, RuleContext context)
    {
        var output = new ArrayBufferWriter<byte>();
        var result = rule.Evaluate(new Record { Topic = "a/b"u8, Payload = Encoding.UTF8.GetBytes(payload), ArrivalNs = 1 }, context, output);
        return result == RuleResult.Output ? $"Output {Encoding.UTF8.GetString(output.WrittenSpan)}" : $"{result} {(result == RuleResult.Unreadable ? context.Reason : "")}";
    }

    private static CompiledRule Compile(string sql, bool plain)
    {
        Assert.True(RuleSql.TryCompile(sql, new RuleSqlOptions { WithoutFastNodes = plain }, out var rule, out var error), $"{sql}: {error}");
        return rule;
    }

    private static string Expression(Random random, int depth) => depth == 0 || random.Next(5) == 0
        ? Operand(random)
        : random.Next(8) switch
        {
            0 => $"-({Expression(random, depth - 1)})",
            1 => $"{(random.Next(2) == 0 ? "floor" : "abs")}({Expression(random, depth - 1)})",
            2 => $"concat({Expression(random, depth - 1)}, {Operand(random)})",
            _ => $"({Expression(random, depth - 1)} {Operators[random.Next(Operators.Length)]} {Expression(random, depth - 1)})",
        };

    private static string Operand(Random random) => random.Next(3) == 0 ? Constants[random.Next(Constants.Length)] : $"{(char)('a' + random.Next(5))}";

    private static string Payload(Random random) =>
        $"{{{string.Join(',', Enumerable.Range(0, 5).Where(_ => random.Next(8) > 0).Select(i => $"\"{(char)('a' + i)}\":{Value(random)}"))}}}";

    private static string Value(Random random) => random.Next(9) switch
    {
        0 => "null",
        1 => "true",
        2 => "\"text\"",
        3 => $"\"{random.Next(-50, 50)}.{random.Next(100)}\"",
        4 => "[1,2]",
        5 => RandomJson.Number(random),
        _ => (random.Next(-1000, 1000) / 10.0).ToString(CultureInfo.InvariantCulture),
    };
}
