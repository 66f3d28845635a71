using System.Buffers;
using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Windows;

/// <summary><c>min</c> and <c>max</c>: of numbers by value, of strings by their bytes; every number is smaller than every string. Other values do not count.</summary>
internal sealed class ExtremeAccumulator(bool largest) : Accumulator
{
    private byte[]? _text;
    private Number _number;
    private bool _hasNumber;

    public override void Add(Field value, ReadOnlySpan<byte> text, in RowOrder order)
    {
        if (value.Kind == FieldKind.String) AddText(text);
        else if (value.Kind == FieldKind.Number && Number.TryParse(value.Raw, out var number)) AddNumber(number);
    }

    public override void Merge(Accumulator other)
    {
        var more = (ExtremeAccumulator)other;
        if (more._hasNumber) AddNumber(more._number);
        if (more._text is not null) AddText(more._text);
    }

    public override void WriteJson(IBufferWriter<byte> output)
    {
        if (_text is not null && (largest || !_hasNumber)) JsonText.WriteQuoted(output, _text);
        else if (_hasNumber) Value.Of(_number).WriteJson(output);
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(_hasNumber);
        if (_hasNumber) Numbers.Write(writer, _number);
        writer.Write7BitEncodedInt(_text is null ? 0 : _text.Length + 1);
        if (_text is not null) writer.Write(_text);
    }

    public override void Read(BinaryReader reader)
    {
        _hasNumber = reader.ReadBoolean();
        if (_hasNumber) _number = Numbers.Read(reader);
        var length = reader.Read7BitEncodedInt();
        _text = length == 0 ? null : reader.ReadBytes(length - 1);
    }

    private void AddNumber(Number number)
    {
        if (_hasNumber && (Number.Compare(number, _number) > 0 ? !largest : largest)) return;
        (_number, _hasNumber) = (number, true);
    }

    private void AddText(ReadOnlySpan<byte> text)
    {
        if (_text is not null && (text.SequenceCompareTo(_text) > 0 ? !largest : largest)) return;
        _text = text.ToArray();
    }
}
