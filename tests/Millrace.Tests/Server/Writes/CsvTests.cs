using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Server.Writes;

namespace Millrace.Tests.Server.Writes;

/// <summary>Lines of a CSV, their fields, and where a text may be cut.</summary>
public sealed class CsvTests
{
    [Theory]
    [InlineData("a,b,c\n", "a|b|c")]
    [InlineData("a,b,c", "a|b|c")]
    [InlineData("a,b,c\r\n", "a|b|c")]
    [InlineData(",,\n", "||")]
    [InlineData("\n", "")]
    [InlineData("\"a,b\",\"c\"\"d\"\n", "a,b|c\"d")]
    [InlineData("\"a\nb\",c\n", "a\nb|c")]
    [InlineData("a\"b,c\n", "a\"b|c")]
    [InlineData("\"\",x\n", "|x")]
    public void A_line_has_fields(string line, string fields)
    {
        var read = new CsvLine();
        var text = Encoding.UTF8.GetBytes(line);
        Assert.Null(read.Read(text, out var length, out _));
        Assert.Equal(text.Length, length);
        Assert.Equal(fields, string.Join('|', Enumerable.Range(0, read.Count).Select(i => Encoding.UTF8.GetString(read.Field(text, i)))));
    }

    [Theory]
    [InlineData("\"a", "a quote is not closed")]
    [InlineData("\"a\"b,c\nnext\n", "there is text behind the quotes of a field")]
    public void A_line_that_is_none_says_why(string line, string why) => Assert.Equal(why, new CsvLine().Read(Encoding.UTF8.GetBytes(line), out _, out _));

    [Fact]
    public void A_text_that_is_cut_anywhere_has_the_same_lines()
    {
        var random = new Random(7);
        string[] pieces = ["a", "\"", "\"\"", ",", "\n", "\r\n", "\"x,\ny\"", "\"q\"\"q\"", "é", "1.5"];
        for (var round = 0; round < 3000; round++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => pieces[random.Next(pieces.Length)])) + "\n");
            var cut = CsvCut.LastLine(text.AsSpan(0, random.Next(text.Length + 1)));
            var whole = Lines(text);
            Assert.Equal(whole, [.. Lines(text.AsSpan(0, cut)), .. Lines(text.AsSpan(cut))]);
        }
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-12.50", true)]
    [InlineData("123456789012345.5", true)]
    [InlineData("1e300", true)]
    [InlineData(".5", true)]
    [InlineData("5.", true)]
    [InlineData("", false)]
    [InlineData("-", false)]
    [InlineData(".", false)]
    [InlineData("1.2.3", false)]
    [InlineData("1,5", false)]
    [InlineData("0x10", false)]
    [InlineData("12a", false)]
    public void A_number_is_the_nearest_double(string text, bool isNumber)
    {
        Assert.Equal(isNumber, ShortDouble.TryRead(Encoding.UTF8.GetBytes(text), out var value));
        if (isNumber) Assert.Equal(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), value);
    }

    [Fact]
    public void Any_number_that_is_written_is_read_as_it_was()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var number = i % 2 == 0 ? Math.Round(random.NextDouble() * 1000, i % 7) : BitConverter.Int64BitsToDouble(random.NextInt64());
            if (!double.IsFinite(number)) continue;
            Assert.True(ShortDouble.TryRead(Encoding.UTF8.GetBytes(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)), out var read));
            Assert.Equal(number, read);
        }
    }

    [Fact]
    public void A_header_and_a_request_say_what_columns_are()
    {
        var request = CsvRequest.Of(Parameters("table=fleet.readings&time=ts&timeUnit=ns&measures=speed,load&types=load:bigint&version=v&measureName=readings"));
        var shape = CsvShape.Create(["ts", "vin", "speed", "load", "note", "v"], request, ["vin"]);
        Assert.Equal(
            [CsvRole.Time, CsvRole.Dimension, CsvRole.Measure, CsvRole.Measure, CsvRole.Skip, CsvRole.Version], shape.Columns.Select(static column => column.Role));
        Assert.Equal((MeasureType.Bigint, "readings"), (shape.Columns[3].Type!.Value, shape.MeasureName));
        Assert.Equal(shape.Columns, CsvShape.Of(shape.ToBytes()).Columns);
    }

    [Theory]
    [InlineData("", "time", "table must be database.table")]
    [InlineData("table=fleet", "time", "table must be database.table")]
    [InlineData("table=a.b&tabel=c", "time", "the parameter 'tabel' is unknown")]
    [InlineData("table=a.b&timeUnit=minutes", "time", "timeUnit must be")]
    [InlineData("table=a.b&types=x:int", "time", "types must be as")]
    [InlineData("table=a.b", "time,x", "there is no table a.b yet")]
    [InlineData("table=a.b&dimensions=y", "time,x", "the header has no column 'y'")]
    [InlineData("table=a.b&dimensions=x", "ts,x,y", "no column is the time")]
    [InlineData("table=a.b&dimensions=x", "time,x", "no column is a measure")]
    [InlineData("table=a.b&dimensions=x", "time,x,X", "the column 'x' twice")]
    [InlineData("table=a.b&dimensions=", "time,measure_value::double", "need the column measure_name")]
    [InlineData("table=a.b&dimensions=", "time,measure_name,measure_value::timestamp", "types of values are")]
    public void What_a_request_lacks_is_said(string parameters, string header, string why) => Assert.Contains(
        why, Assert.Throws<FaultException>(() => CsvShape.Create(header.Split(','), CsvRequest.Of(Parameters(parameters)), null)).Message, StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Parameters(string text) =>
        text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static one => KeyValuePair.Create(one.Split('=')[0], one.Split('=')[1]));

    private static List<string> Lines(ReadOnlySpan<byte> text)
    {
        var lines = new List<string>();
        for (var line = new CsvLine(); !text.IsEmpty;)
        {
            var wrong = line.Read(text, out var length, out _);
            var read = text[..length];
            if (wrong is not null)
            {
                lines.Add(wrong);
            }
            else
            {
                var fields = new List<string>();
                for (var i = 0; i < line.Count; i++) fields.Add(Encoding.UTF8.GetString(line.Field(read, i)));
                lines.Add(string.Join('|', fields));
            }

            text = text[length..];
        }

        return lines;
    }
}
