using System.Text;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Tests.Server.Pipeline;

public sealed class TextPositionTests
{
    /// <summary>The fault is at the letter X, in the value of the key <c>k</c> and in the file alike.</summary>
    [Theory]
    [InlineData("k: SELECT X FROM 'a'")]
    [InlineData("k: 'SELECT ''a'', X FROM b'")]
    [InlineData("k: \"SELECT \\\"\\u00e9\\x41\\n\\\" X\"")]
    [InlineData("other: 1\nk:   SELECT a,\n     b, X\n     FROM c")]
    [InlineData("k: |\n  SELECT a,\n    X\n  FROM c")]
    [InlineData("k: |\r\n  SELECT a,\r\n    X\r\n  FROM c")]
    [InlineData("k: >\n  SELECT a,\n  X\n  FROM c")]
    [InlineData("k: |\n  a\n\n  X")]
    [InlineData("k: 'a\n\n  X'")]
    [InlineData("k: X")]
    public void A_place_in_a_value_is_found_in_the_file(string yaml)
    {
        var problems = new ProblemList();
        var root = YamlTree.Read(Encoding.UTF8.GetBytes(yaml), problems);
        var value = (ScalarNode)root!.Entries.Single(static e => e.Key.Text == "k").Value;
        var (line, column) = TextPosition.LineAndColumn(value.Text, value.Text.IndexOf('X', StringComparison.Ordinal));

        Assert.Equal(TextPosition.LineAndColumn(yaml, yaml.IndexOf('X', StringComparison.Ordinal)), TextPosition.InFile(yaml, value, line, column));
    }

    [Fact]
    public void A_place_past_the_end_is_the_end()
    {
        var problems = new ProblemList();
        var value = (ScalarNode)YamlTree.Read("k: abc"u8, problems)!.Entries[0].Value;
        Assert.Equal((1, 7), TextPosition.InFile("k: abc", value, 9, 99));
    }
}
