using System.Text;

namespace Millrace.Tests.Sql.Functions;

public class TextFunctionTests
{
    [Theory]
    [InlineData("chr(65)", "\"A\"")]
    [InlineData("chr('49.9')", "\"1\"")]
    [InlineData("chr(10)", "\"\\n\"")]
    [InlineData("chr(0)", "\"\\u0000\"")]
    [InlineData("chr(127)", "\"\u007F\"")]
    [InlineData("chr(128)", null)]
    [InlineData("chr(-1)", null)]
    [InlineData("chr(-0.5)", null)]
    [InlineData("chr(true)", null)]
    [InlineData("chr('x')", null)]
    [InlineData("chr(1e999)", null)]
    [InlineData("concat()", null)]
    [InlineData("concat(1)", "1")]
    [InlineData("concat([1], 2, 'x', [3, [4]])", "[1,2,\"x\",3,[4]]")]
    [InlineData("concat(1, 2)", "\"12\"")]
    [InlineData("concat('a', nul)", null)]
    [InlineData("concat('a', missing)", null)]
    [InlineData("concat('a', true, {'b': 1})", "\"atrue{\\\"b\\\":1}\"")]
    [InlineData("lpad(1, 3)", "\"   1\"")]
    [InlineData("lpad('hello', 2)", "\"  hello\"")]
    [InlineData("rpad('hello', 2.9)", "\"hello  \"")]
    [InlineData("lpad('x', -5)", "\"x\"")]
    [InlineData("rpad('x', '2')", "\"x  \"")]
    [InlineData("rpad('x', 'y')", null)]
    [InlineData("lpad(nul, 2)", null)]
    [InlineData("length(lpad('x', 1e999))", "1001")]
    [InlineData("length(rpad('x', 2000))", "1001")]
    [InlineData("ltrim(' h i ')", "\"h i \"")]
    [InlineData("rtrim(' h i ')", "\" h i\"")]
    [InlineData("trim(' \t hi\n')", "\"hi\"")]
    [InlineData("trim('  ')", "\"\"")]
    [InlineData("trim(nul)", null)]
    [InlineData("trim(12)", "\"12\"")]
    [InlineData("replace('abcd', 'bc', 'x')", "\"axd\"")]
    [InlineData("replace('aaaa', 'aa', 'a')", "\"aa\"")]
    [InlineData("replace('abcd', 'x', 'y')", "\"abcd\"")]
    [InlineData("replace('abcd', '', 'y')", "\"abcd\"")]
    [InlineData("replace('a.b', '.', '')", "\"ab\"")]
    [InlineData("replace(1212, 2, 3)", "\"1313\"")]
    [InlineData("replace(nul, 'a', 'b')", null)]
    [InlineData("replace('a', 'a', nul)", null)]
    [InlineData("substring('012345', 0)", "\"012345\"")]
    [InlineData("substring('012345', 2)", "\"2345\"")]
    [InlineData("substring('012345', 2.745)", "\"2345\"")]
    [InlineData("substring(123, 2)", "\"3\"")]
    [InlineData("substring('012345', -1)", "\"012345\"")]
    [InlineData("substring(true, 1.2)", "\"rue\"")]
    [InlineData("substring(false, -2.411E247)", "\"false\"")]
    [InlineData("substring('012345', 1, 3)", "\"12\"")]
    [InlineData("substring('012345', -50, 50)", "\"012345\"")]
    [InlineData("substring('012345', 3, 1)", "\"\"")]
    [InlineData("substring('012345', 3, 3)", "\"\"")]
    [InlineData("substring('012345', 5, 1e999)", "\"5\"")]
    [InlineData("substring('012345', 1e999)", "\"\"")]
    [InlineData("substring('a€😀b', 1, 3)", "\"€😀\"")]
    [InlineData("substring('a', 'x')", null)]
    [InlineData("substring('a', 0, nul)", null)]
    [InlineData("substring(nul, 0)", null)]
    [InlineData("indexof('€uro', 'ro')", "2")]
    [InlineData("indexof('abc', 'x')", "-1")]
    [InlineData("indexof([1,2], ',')", "2")]
    [InlineData("length('€😀')", "2")]
    [InlineData("numbytes('€😀')", "7")]
    [InlineData("numbytes(nul)", null)]
    [InlineData("upper('straße é')", "\"STRAßE É\"")]
    [InlineData("lower(nul)", null)]
    [InlineData("startswith('abc', nul)", null)]
    [InlineData("endswith(['baseball', 'bat'], ']')", "true")]
    [InlineData("get('abc', 1)", "\"b\"")]
    [InlineData("get('a😀c', '1')", "\"😀\"")]
    [InlineData("get('abc', 3)", null)]
    [InlineData("get('abc', -1)", null)]
    [InlineData("get('', 0)", null)]
    [InlineData("get([1, 2], 1.9)", "2")]
    [InlineData("get({'a': 1}, 'a')", "1")]
    [InlineData("get({'1': 1}, 1)", null)]
    [InlineData("get(5, 0)", null)]
    [InlineData("get_or_default(missing, 5)", "5")]
    [InlineData("get_or_default(nul, 5)", "5")]
    [InlineData("get_or_default(false, 5)", "false")]
    [InlineData("nanvl(nul, 3)", "3")]
    [InlineData("nanvl(missing, missing)", null)]
    [InlineData("nanvl('a', 3)", "\"a\"")]
    public void Text_is_made_as_the_table_says(string expression, string? expected) => Assert.Equal(expected, Rule.Value(expression));

    [Fact]
    public void A_part_of_a_text_is_what_its_characters_say()
    {
        var random = new Random(1);
        string[] letters = ["a", "€", "😀", "é", "0"];
        for (var i = 0; i < 500; i++)
        {
            var text = Enumerable.Range(0, random.Next(8)).Select(_ => letters[random.Next(letters.Length)]).ToArray();
            var (start, end) = (random.Next(-2, 10), random.Next(-2, 10));
            var from = Math.Clamp(start, 0, text.Length);
            var expected = string.Concat(text.Skip(from).Take(Math.Clamp(end, 0, text.Length) - from));
            Assert.Equal($"\"{expected}\"", Rule.Value($"substring('{string.Concat(text)}', {start}, {end})"));
        }
    }

    [Fact]
    public void What_is_made_of_a_message_has_a_limit()
    {
        var huge = new Call { Payload = Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', 100_000)}}"}""") };
        Assert.Contains("64 MiB", huge.Failure("replace(a, 'x', a)"), StringComparison.Ordinal);
        Assert.Contains("64 MiB", huge.Failure("regexp_replace(a, 'x', a)"), StringComparison.Ordinal);
    }
}
