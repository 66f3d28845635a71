using System.Text;
using Millrace.Benchmarks.Series.Data;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>Its line protocol over HTTP.</summary>
internal sealed class InfluxSender(HttpBytes http, TagSets tagSets) : IRowSender
{
    private readonly RowBuffer _buffer = new();
    private readonly Dictionary<int, byte[]> _tags = [];

    public async Task SendAsync(RowBatch batch, CancellationToken stop)
    {
        Write(batch);
        using var body = new ReadOnlyMemoryContent(_buffer.Written);
        await http.PostAsync($"/write?db={InfluxEngine.Database}&precision=s", body, $"lines of {batch.Table.Name}", stop);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Write(RowBatch batch)
    {
        var name = Encoding.UTF8.GetBytes(batch.Table.Name);
        var fields = batch.Table.Columns.Select(static c => Encoding.UTF8.GetBytes($"{c.Name}=")).ToArray();
        _buffer.Clear();
        foreach (ref readonly var row in batch.Rows)
        {
            _buffer.Bytes(name);
            _buffer.Bytes(TagsOf(row.TagSet));
            var separator = ' ';
            for (var i = 0; i < fields.Length; i++)
            {
                if (i == row.NullColumn) continue;
                _buffer.Char(separator);
                separator = ',';
                _buffer.Bytes(fields[i]);
                _buffer.Number(row.Values[i], batch.Table.Columns[i].Decimals);
                if (batch.Table.Columns[i].IsInteger) _buffer.Char('i');
            }

            _buffer.Char(' ');
            _buffer.Number(row.Seconds);
            _buffer.Char('\n');
        }
    }

    private byte[] TagsOf(int tagSet)
    {
        if (_tags.TryGetValue(tagSet, out var bytes)) return bytes;

        // Sorted, as it advises: then it need not.
        var tags = TagSets.Names.Zip(tagSets.Values(tagSet)).Where(static t => t.Second is not null).OrderBy(static t => t.First, StringComparer.Ordinal);
        return _tags[tagSet] = Encoding.UTF8.GetBytes(string.Concat(tags.Select(static t => $",{t.First}={t.Second}")));
    }
}
