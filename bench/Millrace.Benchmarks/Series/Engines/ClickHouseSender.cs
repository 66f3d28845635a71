using Millrace.Benchmarks.Series.Data;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>INSERT over HTTP in its binary form.</summary>
internal sealed class ClickHouseSender(HttpBytes http) : IRowSender
{
    private readonly RowBuffer _buffer = new();

    public async Task SendAsync(RowBatch batch, CancellationToken stop)
    {
        Write(batch);
        using var body = new ReadOnlyMemoryContent(_buffer.Written);
        await http.PostAsync($"/?query=INSERT%20INTO%20{batch.Table.Name}%20FORMAT%20RowBinary", body, $"INSERT INTO {batch.Table.Name}", stop);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Write(RowBatch batch)
    {
        var columns = batch.Table.Columns;
        _buffer.Clear();
        foreach (ref readonly var row in batch.Rows)
        {
            _buffer.LittleInt((uint)row.Seconds);
            _buffer.LittleInt((uint)row.TagSet);
            for (var i = 0; i < columns.Length; i++)
            {
                if (i == row.NullColumn)
                {
                    _buffer.Byte(1);
                    continue;
                }

                _buffer.Byte(0);
                _buffer.LittleLong(columns[i].IsInteger ? (long)row.Values[i] : BitConverter.DoubleToInt64Bits(row.Values[i]));
            }
        }
    }
}
