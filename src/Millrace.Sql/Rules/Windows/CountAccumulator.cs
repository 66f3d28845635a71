using System.Buffers;
using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Windows;

/// <summary><c>count(*)</c> and <c>count(x)</c>.</summary>
internal sealed class CountAccumulator : Accumulator
{
    private long _count;

    public override void AddRow() => _count++;

    public override void Add(Field value, ReadOnlySpan<byte> text, in RowOrder order) => _count++;

    public override void Merge(Accumulator other) => _count += ((CountAccumulator)other)._count;

    public override void WriteJson(IBufferWriter<byte> output) => Value.Of(Number.Of(_count)).WriteJson(output);

    public override void Write(BinaryWriter writer) => writer.Write7BitEncodedInt64(_count);

    public override void Read(BinaryReader reader) => _count = reader.Read7BitEncodedInt64();
}
