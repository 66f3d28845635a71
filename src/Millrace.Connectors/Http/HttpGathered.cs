using System.Buffers;
using Millrace.Connectors.Lanes;
using Millrace.Contracts.Flows;

namespace Millrace.Connectors.Http;

/// <summary>Records on their way to one request: the bytes of a JSON array, and which records stand in it.</summary>
/// <param name="call">Of all of them.</param>
/// <param name="before">Where the flow stood before the first.</param>
/// <param name="began">When the first came; by the clock's timestamp.</param>
internal sealed class HttpGathered(HttpCall call, Checkpoint before, long began)
{
    private readonly ArrayBufferWriter<byte> _body = new(1024);
    private readonly List<Entry> _entries = [];

    public HttpCall Call => call;

    public Checkpoint Before => before;

    public long Began => began;

    public int Count => _entries.Count;

    /// <summary>With the bracket that is still missing.</summary>
    public long Bytes => _body.WrittenCount + 1;

    public IReadOnlyList<Entry> Entries => _entries;

    /// <param name="place">Of the record.</param>
    /// <param name="write">Counts the calls of the runner, to tell whose index it is.</param>
    /// <param name="index">Within that call's batch.</param>
    /// <param name="json">One JSON value; copied.</param>
    public void Add(RecordPlace place, long write, int index, ReadOnlySpan<byte> json)
    {
        _body.Write(_entries.Count == 0 ? "["u8 : ","u8);
        _entries.Add(new Entry(place, write, index, _body.WrittenCount, json.Length));
        _body.Write(json);
    }

    /// <summary>Nothing is added after this.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        _body.Write("]"u8);
        return _body.WrittenMemory;
    }

    /// <summary>One record, as an array of its own.</summary>
    public byte[] Alone(Entry entry) => [(byte)'[', .. _body.WrittenSpan.Slice(entry.At, entry.Length), (byte)']'];

    internal readonly record struct Entry(RecordPlace Place, long Write, int Index, int At, int Length);
}
