using System.Globalization;
using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Cold;
using Millrace.Storage.Series.Rows;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series;

/// <summary>Rows moved to files in any order and merged again are the same rows, sorted.</summary>
public sealed class ColdFilesTests
{
    private const long HourNs = 3_600_000_000_000;

    private readonly MemoryDisk _disk = new();
    private readonly SeriesFiles _files;
    private readonly SeriesTable _table = new(new TableName("fleet", "telemetry"), 7);

    public ColdFilesTests() => _files = new SeriesFiles(_disk, "/nowhere");

    [Theory, Seeds(30)]
    public void Moves_and_merges_keep_every_row_and_its_order(int seed)
    {
        var random = new Random(seed);
        int[] slots = [_table.SingleSlot(MeasureType.Double), _table.SingleSlot(MeasureType.Varchar)];
        var written = new Dictionary<RowKey, string>();
        var cold = new List<ColdFile>();
        for (var move = random.Next(2, 6); move > 0; move--)
        {
            if (move == 2) slots = [.. slots, _table.VersionSlot, _table.SingleSlot(MeasureType.Bigint)];
            var rows = Chunks(random, slots, written, random.Next(1, 6000));
            cold.AddRange(ColdMove.Write(_files, _table, move, rows, [.. _table.Stored], [], TestContext.Current.CancellationToken));
        }

        Assert.Equal(written.Order(ByKey), Read(cold).Order(ByKey));
        var replaced = written.Keys.Where(_ => random.Next(20) == 0).Order().ToList();
        foreach (var key in replaced) written.Remove(key);
        var from = random.Next(2) * 30 * HourNs;
        var filter = new RowFilter(replaced, _table.KnownVersionSlot, from);
        var merged = ColdMerge.Write(_files, _table, 9, cold, [.. _table.Stored], filter, static () => { });
        Assert.Equal(written.Where(row => row.Key.TimeNs >= from).OrderBy(static row => row.Key), Read(merged));
        Assert.Equal(replaced, filter.Dropped);
        Assert.Equal((merged.Sum(static file => file.Rows), 0), (Read(merged).Count, _disk.OpenFiles));
    }

    [Fact]
    public void What_the_same_generation_replaced_is_left_out()
    {
        var slot = _table.VersionSlot;
        var rows = new RowColumns { Count = 3, Columns = [null, null, new RowColumn(MeasureType.Bigint)] };
        (rows.Series[0], rows.Series[1], rows.Series[2]) = (1, 1, 0);
        (rows.TimeNs[0], rows.TimeNs[1], rows.TimeNs[2]) = (5, 5, 5);
        rows.Columns[slot]!.Set(0, 2);
        var file = Assert.Single(ColdMove.Write(_files, _table, 1, [rows], [.. _table.Stored], [new RowKey(1, 5, 1)], TestContext.Current.CancellationToken));
        Assert.Equal([new RowKey(0, 5, 1), new RowKey(1, 5, 2)], Read([file]).Select(static row => row.Key));
        Assert.Equal((2, 5L, 5L, 0, 1, 3), (file.Rows, file.FromNs, file.ToNs, file.FirstSeries, file.LastSeries, file.Columns));
    }

    [Fact]
    public void A_merge_that_leaves_nothing_writes_nothing()
    {
        var rows = new RowColumns { Count = 1 };
        var cold = ColdMove.Write(_files, _table, 1, [rows], [.. _table.Stored], [], TestContext.Current.CancellationToken);
        Assert.Empty(ColdMerge.Write(_files, _table, 1, cold, [.. _table.Stored], new RowFilter([], -1, 1), static () => { }));
        Assert.Single(_disk.Paths("series"));
    }

    [Fact]
    public void A_merge_that_is_stopped_leaves_no_file()
    {
        var cold = ColdMove.Write(_files, _table, 1, Chunks(new Random(1), [], [], 5000), [.. _table.Stored], [], TestContext.Current.CancellationToken);
        var files = _disk.Paths("series").Count;
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => ColdMerge.Write(_files, _table, 1, cold, [.. _table.Stored], new RowFilter([], -1, 0), stop.Token.ThrowIfCancellationRequested));
        Assert.Equal((files, 0), (_disk.Paths("series").Count, _disk.OpenFiles));
    }

    [Fact]
    public void A_large_file_is_cut_between_series()
    {
        var rows = new RowColumns { Count = 1000 };
        for (var i = 0; i < rows.Count; i++) (rows.Series[i], rows.TimeNs[i]) = (i / 40, i);
        using var writer = new ColdWriter(_files, _table, [.. _table.Stored], 1, fileRows: 100);
        for (var i = 0; i < rows.Count; i += 50) writer.Append(rows, i, 50);
        Assert.Equal(
            ["0-2 120", "3-5 120", "6-8 120", "9-11 120", "12-14 120", "15-17 120", "18-20 120", "21-23 120", "24-24 40"],
            writer.Finish().Select(static file => $"{file.FirstSeries}-{file.LastSeries} {file.Rows}"));
    }

    private static readonly Comparer<KeyValuePair<RowKey, string>> ByKey = Comparer<KeyValuePair<RowKey, string>>.Create(static (x, y) => x.Key.CompareTo(y.Key));

    private List<RowColumns> Chunks(Random random, int[] slots, Dictionary<RowKey, string> written, int count)
    {
        var chunks = new List<RowColumns>();
        while (count-- > 0)
        {
            var version = slots.Contains(_table.KnownVersionSlot) ? random.Next(1, 3) : 1;
            var key = new RowKey(random.Next(200) >> random.Next(8), random.NextInt64(72 * HourNs) >> random.Next(40), version);
            if (written.ContainsKey(key)) continue;
            if (chunks.Count == 0 || chunks[^1].Count == RowColumns.Capacity || random.Next(2000) == 0)
                chunks.Add(new RowColumns { Columns = [.. _table.Stored.Select((column, slot) => slots.Contains(slot) ? new RowColumn(column.Type) : null)] });
            var rows = chunks[^1];
            (rows.Series[rows.Count], rows.TimeNs[rows.Count]) = (key.Series, key.TimeNs);
            foreach (var slot in slots)
            {
                if (slot == _table.KnownVersionSlot)
                {
                    if (version != 1) rows.Columns[slot]!.Set(rows.Count, version);
                }
                else if (random.Next(3) > 0)
                {
                    if (_table.Stored[slot].Type == MeasureType.Varchar) rows.Columns[slot]!.Set(rows.Count, Encoding.UTF8.GetBytes($"text {random.Next(50)}"));
                    else rows.Columns[slot]!.Set(rows.Count, random.NextInt64());
                }
            }

            written.Add(key, Shown(rows, rows.Count++));
        }

        return chunks;
    }

    private List<KeyValuePair<RowKey, string>> Read(IEnumerable<ColdFile> cold)
    {
        var found = new List<KeyValuePair<RowKey, string>>();
        foreach (var one in cold)
        {
            using var file = BlockFile.Open(_disk, one.Path, [.. _table.Stored]);
            var rows = new RowColumns();
            for (var block = 0; block < file.Blocks.Length; block++)
            {
                file.Read(block, [.. Enumerable.Range(0, _table.Stored.Count)], rows);
                for (var row = 0; row < rows.Count; row++)
                    found.Add(new(new RowKey(rows.Series[row], rows.TimeNs[row], RowVersion.Of(rows, row, _table.KnownVersionSlot)), Shown(rows, row)));
            }
        }

        return found;
    }

    private static string Shown(RowColumns rows, int row) => string.Join('|', rows.Columns.Select((column, slot) =>
        column is null || !column.IsValid(row) ? null
        : column.Type == MeasureType.Varchar ? $"{slot}:{Encoding.UTF8.GetString(column.Text(row))}"
        : string.Create(CultureInfo.InvariantCulture, $"{slot}:{column.Bits[row]}")).OfType<string>());
}
