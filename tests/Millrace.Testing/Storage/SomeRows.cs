using System.Globalization;
using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Rows;

namespace Millrace.Testing.Storage;

/// <summary>Rows of a table, sorted, with columns of every type and shape that random numbers bring about.</summary>
internal static class SomeRows
{
    private const long Second = 1_000_000_000;

    /// <summary>Series, time, version now and then, and up to six others.</summary>
    public static StoredColumn[] Columns(Random random) =>
    [
        .. StoredColumn.First,
        .. random.Next(2) == 0 ? [new StoredColumn(StoredColumn.Version, MeasureType.Bigint)] : (StoredColumn[])[],
        .. Enumerable.Range(0, random.Next(7)).Select(i => new StoredColumn($"m{i}", (MeasureType)random.Next(5))),
    ];

    /// <param name="random">Decides all.</param>
    /// <param name="columns">Of the table.</param>
    /// <param name="count">How many rows.</param>
    public static List<RowColumns> Sorted(Random random, IReadOnlyList<StoredColumn> columns, int count)
    {
        var series = random.Next(100);
        var time = random.Next(10) == 0 ? SeriesLimits.FirstTime : 1_700_000_000 * Second;
        var (perSeries, jitter) = (random.Next(1, 5000), random.Next(3));
        var all = new List<RowColumns>();
        for (int row = 0, done = 0; done < count; done++)
        {
            if (done == 0 || row == all[^1].Count)
            {
                all.Add(new RowColumns { Count = Math.Min(count - done, random.Next(1, RowColumns.Capacity + 1)) });
                row = 0;
            }

            if (random.Next(perSeries) == 0)
            {
                series += random.Next(1, 3);
                time -= random.Next(1000) * Second;
            }
            else time += jitter == 0 ? 10 * Second : jitter == 1 ? (10 * Second) + (random.Next(100) * 1_000_000) : random.NextInt64(2 * Second);

            time = Math.Max(time, SeriesLimits.FirstTime);
            all[^1].Series[row] = series;
            all[^1].TimeNs[row++] = time;
        }

        for (var slot = StoredColumn.First.Length; slot < columns.Count; slot++) Fill(random, columns[slot], slot, columns.Count, all);
        return all;
    }

    /// <summary>Each row as a line, in which every bit shows.</summary>
    public static IEnumerable<string> Lines(RowColumns rows, int columns)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            var line = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{rows.Series[row]} {rows.TimeNs[row]}");
            for (var slot = StoredColumn.First.Length; slot < columns; slot++)
            {
                var column = slot < rows.Columns.Length ? rows.Columns[slot] : null;
                if (column?.IsValid(row) != true) line.Append(" null");
                else if (column.Type == MeasureType.Varchar) line.Append(CultureInfo.InvariantCulture, $" '{Convert.ToHexString(column.Text(row))}'");
                else line.Append(CultureInfo.InvariantCulture, $" {column.Bits[row]:x}");
            }

            yield return line.ToString();
        }
    }

    private static void Fill(Random random, StoredColumn column, int slot, int columns, List<RowColumns> all)
    {
        // Now and then a column comes only later, as where the table got it while it was written.
        var from = random.Next(4) == 0 ? random.Next(all.Count + 1) : 0;
        var next = Shape(random, column);
        var filled = random.Next(5) switch { 0 => 0.02, 1 => 0.5, 2 => 0.98, _ => 1 };
        foreach (var rows in all.Skip(from))
        {
            if (rows.Columns.Length == 0) rows.Columns = new RowColumn?[columns];
            var values = rows.Columns[slot] = new RowColumn(column.Type);
            for (var row = 0; row < rows.Count; row++)
                if (random.NextDouble() < filled) next(values, row);
        }
    }

    private static Action<RowColumn, int> Shape(Random random, StoredColumn column) => column switch
    {
        { Name: StoredColumn.Version } => static (values, row) => values.Set(row, 1),
        { Type: MeasureType.Boolean } => (values, row) => values.Set(row, random.Next(2)),
        { Type: MeasureType.Varchar } => Texts(random),
        { Type: MeasureType.Double } => Doubles(random),
        _ => Numbers(random),
    };

    private static Action<RowColumn, int> Texts(Random random)
    {
        var most = random.Next(4) switch { 0 => 1, 1 => 5, 2 => 500, _ => 1_000_000 };
        var length = random.Next(3) switch { 0 => 0, 1 => 12, _ => 300 };
        return (values, row) => values.Set(row, Encoding.UTF8.GetBytes($"{random.Next(most)}{new string('é', random.Next(length + 1))}"));
    }

    private static Action<RowColumn, int> Doubles(Random random)
    {
        var (value, decimals, shape) = (random.NextDouble() * 1000, random.Next(7), random.Next(6));
        double[] odd = [double.NaN, -0.0, 0, double.PositiveInfinity, double.MinValue, double.Epsilon, 1e300, 1.0 / 3];
        return (values, row) =>
        {
            value += random.NextDouble() - 0.5;
            var one = shape switch
            {
                0 => Math.Round(value, decimals),
                1 => random.Next(50) == 0 ? odd[random.Next(odd.Length)] : Math.Round(value, decimals),
                2 => value,
                3 => (float)value,
                4 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                _ => odd[random.Next(odd.Length)],
            };
            values.Set(row, BitConverter.DoubleToInt64Bits(one));
        };
    }

    private static Action<RowColumn, int> Numbers(Random random)
    {
        var (value, shape, step) = (random.NextInt64(long.MinValue, long.MaxValue), random.Next(8), random.Next(1, 1000));
        return (values, row) =>
        {
            value = shape switch
            {
                0 => value,
                1 => unchecked(value + random.Next(-5, 6)),
                2 => random.Next(100) == 0 ? random.NextInt64() : unchecked(value + random.Next(-5, 6)),
                3 => random.NextInt64(long.MinValue, long.MaxValue),
                4 => random.Next(20) == 0 ? random.Next(5000) : value,
                5 => unchecked(value + (step * random.Next(3))),
                6 => random.Next(2) == 0 ? long.MinValue : long.MaxValue,
                _ => unchecked(value + step + (random.Next(30) == 0 ? random.NextInt64() : 0)),
            };
            values.Set(row, value);
        };
    }
}
