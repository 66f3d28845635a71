using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Windows;

/// <summary>The rows of a flow's windows that a stream holds already, so that those which are carried again after a crash do not stand there twice.</summary>
/// <remarks>Not for two threads at once.</remarks>
internal sealed class RowsThere
{
    /// <summary>How far clocks may have been set back between a row's arrival in its log and its copy's in the stream.</summary>
    private const long ClockSetBackNs = 5 * 60 * 1_000_000_000L;

    private readonly RowMark _mark;

    // A step may have made several records of a row: in each partition they stand in their order, so that their number tells which are there.
    private readonly Dictionary<(int Partition, long Row), int> _there = [];
    private long _last;

    /// <param name="mark">Of the flow's rows.</param>
    /// <param name="stream">They may be at its end.</param>
    /// <param name="firstNs">The arrival of the first row that is carried: its copy cannot be older.</param>
    public RowsThere(RowMark mark, IRecordLog stream, long firstNs)
    {
        _mark = mark;
        using var records = new RecordBatch();
        foreach (var partition in stream.Partitions)
        {
            for (var at = partition.OffsetAt(firstNs - ClockSetBackNs); partition.TryRead(at, records) && records.Through > at; at = records.Through)
            {
                for (var i = 0; i < records.Count; i++) Note(partition.Index, mark.Find(records[i].Properties));
                records.Clear();
            }
        }
    }

    /// <summary>Whether a record need not be appended. Of several of one row, asked for in their order.</summary>
    public bool Takes(int partition, in Record record)
    {
        if (_there.Count == 0) return false;
        var row = _mark.Find(record.Properties);
        if (row > _last) _there.Clear();
        if (!_there.TryGetValue((partition, row), out var count)) return false;
        if (count == 1) _there.Remove((partition, row));
        else _there[(partition, row)] = count - 1;
        return true;
    }

    private void Note(int partition, long row)
    {
        if (row == 0) return;
        _there[(partition, row)] = _there.GetValueOrDefault((partition, row)) + 1;
        _last = Math.Max(_last, row);
    }
}
