using System.Text;
using Millrace.Server.Cli.Rules;

namespace Millrace.Tests.Server.Cli;

public class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\n\nb", "a||b")]
    [InlineData("\n\n", "|")]
    [InlineData("12345678\n123456789\n12", "12345678|too long|12")]
    [InlineData("123456789", "too long")]
    public void Lines_come_one_after_another(string text, string lines)
    {
        foreach (var piece in new[] { 1, 2, 3, 100 }) Assert.Equal(lines, string.Join('|', Read(text, 8, piece)));
    }

    [Fact]
    public void A_line_beyond_the_limit_does_not_take_the_next_with_it()
    {
        var text = new string('x', 1_000_000) + "\nshort\n" + new string('y', 500_000) + "\n" + new string('z', 500_001);
        Assert.Equal(["too long", "short", new string('y', 500_000), "too long"], Read(text, 500_000, 4096));
    }

    private static List<string> Read(string text, int limit, int piece)
    {
        var reader = new LineReader(new Pieces(Encoding.UTF8.GetBytes(text), piece), limit, static () => { });
        var lines = new List<string>();
        while (reader.Next()) lines.Add(reader.WasTooLong ? "too long" : Encoding.UTF8.GetString(reader.Line.Span));
        return lines;
    }

    /// <summary>Gives no more than so many bytes at once.</summary>
    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
    }
}
