using System.Buffers;
using Millrace.Sql.Payload;

namespace Millrace.Sql.Rules.Windows;

/// <summary><c>first</c> and <c>last</c>, by the event time of rows, whatever order they came in.</summary>
internal sealed class EndAccumulator(bool last) : Accumulator
{
    private readonly ArrayBufferWriter<byte> _json = new(16);
    private RowOrder _order;

    public override void Add(Field value, ReadOnlySpan<byte> text, in RowOrder order)
    {
        if (_json.WrittenCount > 0 && (order > _order ? !last : last)) return;
        _order = order;
        _json.ResetWrittenCount();
        WindowRowReader.Canonical(value, text, _json);
    }

    public override void Merge(Accumulator other)
    {
        var more = (EndAccumulator)other;
        if (more._json.WrittenCount == 0 || (_json.WrittenCount > 0 && (more._order > _order ? !last : last))) return;
        _order = more._order;
        _json.ResetWrittenCount();
        _json.Write(more._json.WrittenSpan);
    }

    public override void WriteJson(IBufferWriter<byte> output) => output.Write(_json.WrittenSpan);

    public override void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(_json.WrittenCount);
        if (_json.WrittenCount == 0) return;
        writer.Write(_json.WrittenSpan);
        writer.Write(_order.TimeNs);
        writer.Write(_order.ArrivalNs);
        writer.Write7BitEncodedInt(_order.Partition);
        writer.Write7BitEncodedInt64(_order.Offset);
    }

    public override void Read(BinaryReader reader)
    {
        _json.ResetWrittenCount();
        var length = reader.Read7BitEncodedInt();
        if (length == 0) return;
        _json.Write(reader.ReadBytes(length));
        _order = new RowOrder(reader.ReadInt64(), reader.ReadInt64(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64());
    }
}
