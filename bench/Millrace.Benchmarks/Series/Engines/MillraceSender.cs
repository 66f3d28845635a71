using System.Text;
using System.Text.Json;
using Millrace.Benchmarks.Series.Data;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>CSV to the write API. An answer says that the rows are on disk, and how many were rejected.</summary>
internal sealed class MillraceSender(HttpBytes http, TagSets tagSets) : IRowSender
{
    private readonly RowBuffer _buffer = new();
    private readonly Dictionary<int, byte[]> _tags = [];

    public async Task SendAsync(RowBatch batch, CancellationToken stop)
    {
        Write(batch);
        using var body = new ReadOnlyMemoryContent(_buffer.Written) { Headers = { ContentType = new("text/csv") } };
        var path = $"/api/v1/write?table=iot.{batch.Table.Name}&timeUnit=s";
        var answer = JsonElement.Parse(await http.PostAsync(path, body, $"POST {path}", stop));
        if (answer.TryGetProperty("rejected", out var rejected) && rejected.GetInt64() > 0)
            throw new FaultException(Fault.Refused, $"POST {path}: {answer}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Write(RowBatch batch)
    {
        var columns = batch.Table.Columns;
        _buffer.Clear();
        _buffer.Bytes(Encoding.UTF8.GetBytes($"time,{string.Join(',', TagSets.Names)},{string.Join(',', columns.Select(static c => c.Name))}\n"));
        foreach (ref readonly var row in batch.Rows)
        {
            _buffer.Number(row.Seconds);
            _buffer.Bytes(TagsOf(row.TagSet));
            for (var i = 0; i < columns.Length; i++)
            {
                _buffer.Char(',');
                if (i != row.NullColumn) _buffer.Number(row.Values[i], columns[i].Decimals);
            }

            _buffer.Char('\n');
        }
    }

    private byte[] TagsOf(int tagSet) =>
        _tags.TryGetValue(tagSet, out var bytes)
            ? bytes
            : _tags[tagSet] = Encoding.UTF8.GetBytes(string.Concat(tagSets.Values(tagSet).Select(static v => $",{v}")));
}
