using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

public sealed class ValueIndexTests
{
    [Fact]
    public void The_series_of_a_value_are_those_that_have_it_however_often_series_come()
    {
        var random = new Random(7);
        var table = new SeriesTable(new TableName("a", "b"), 1);
        var column = table.DimensionColumn("vin");
        var values = table.Values(column);
        for (var turn = 0; turn < 40; turn++)
        {
            for (var more = random.Next(20); more > 0; more--) Add(table, column, random.Next(3) == 0 ? "" : $"v{random.Next(12)}");
            var seen = random.Next(table.Series.Count + 1);
            var valueOf = values.Of(table.Series.Count);
            for (var number = 0; number < values.Count; number++)
            {
                var expected = Enumerable.Range(0, table.Series.Count).Where(code => valueOf[code] == number).ToList();
                var found = new List<int>();
                values.AddSeries(number, seen, found);
                Assert.Equal(expected.Count, values.CountOf(number));
                Assert.Equal(expected.Where(code => code < seen), found);
            }
        }
    }

    // A key of one dimension, whose measure name tells series with the same value apart.
    private static void Add(SeriesTable table, int column, string value)
    {
        var name = Encoding.UTF8.GetBytes($"m{table.Series.Count}");
        byte[] key = value.Length == 0 ? [0, .. name] : [1, (byte)column, (byte)value.Length, 0, .. Encoding.UTF8.GetBytes(value), .. name];
        table.Series.Add(key, MeasureType.Double);
    }
}
