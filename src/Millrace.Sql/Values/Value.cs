using System.Buffers;
using Millrace.Sql.Payload;

namespace Millrace.Sql.Values;

/// <summary>What an expression gives. Text and JSON are views: on the payload, on a statement's literal, or on a context's scratch.</summary>
/// <remarks>
/// A number out of a payload keeps its text and is parsed where it is computed with, so that one which is only passed on keeps each
/// digit. A string keeps its escapes in the same way.
/// </remarks>
internal readonly ref struct Value
{
    private readonly Number _number;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _flag;

    private Value(ValueKind kind, ReadOnlySpan<byte> bytes = default, Number number = default, bool flag = false)
    {
        Kind = kind;
        _bytes = bytes;
        _number = number;
        _flag = flag;
    }

    public static Value Undefined => default;

    public static Value Null => new(ValueKind.Null);

    public ValueKind Kind { get; }

    public bool IsUndefined => Kind == ValueKind.Undefined;

    public bool IsTrue => Kind == ValueKind.Boolean && _flag;

    /// <summary>Of strings: whether <see cref="Bytes"/> still has JSON's escapes in it.</summary>
    public bool IsEscaped => Kind == ValueKind.String && _flag;

    /// <summary>A string's text, an array's or object's JSON, or a number as the payload has it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Of a number: whether it is a Decimal. Only 2015-10-08 has whole ones, such as <c>10.0</c>.</summary>
    public bool IsDecimal => Kind == ValueKind.Number
        && (_bytes.IsEmpty ? _flag || !_number.IsWhole : _bytes.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0);

    /// <summary>With <see cref="Kind"/>, <see cref="Bytes"/> and <see cref="Flag"/> all there is to it.</summary>
    internal Number Computed => _number;

    internal bool Flag => _flag;

    public static Value Of(bool value) => new(ValueKind.Boolean, flag: value);

    public static Value Of(Number value) => new(ValueKind.Number, number: value);

    public static Value Of(bool possible, Number value) => possible ? Of(value) : Undefined;

    /// <summary>A number that is written with a point, also where it is whole.</summary>
    public static Value OfDecimal(Number value) => new(ValueKind.Number, number: value, flag: true);

    /// <summary>A value out of its parts.</summary>
    internal static Value Of(ValueKind kind, ReadOnlySpan<byte> bytes, Number number, bool flag) => new(kind, bytes, number, flag);

    /// <param name="text">UTF-8, without escapes.</param>
    public static Value OfText(ReadOnlySpan<byte> text) => new(ValueKind.String, text);

    public static Value OfArray(ReadOnlySpan<byte> json) => new(ValueKind.Array, json);

    public static Value OfObject(ReadOnlySpan<byte> json) => new(ValueKind.Object, json);

    public static Value Of(Field field) => Of(field.Kind, field.Raw, field.IsEscaped);

    /// <param name="raw">A value of checked JSON; of a string what is between the quotes.</param>
    // Made in one place: a value is large enough that copies of it show.
    public static Value Of(FieldKind kind, ReadOnlySpan<byte> raw, bool escaped) => new(
        (ValueKind)OfFields[(int)kind],
        kind >= FieldKind.Number ? raw : default,
        default,
        kind == FieldKind.True || (escaped && kind == FieldKind.String));

    private static ReadOnlySpan<byte> OfFields =>
    [
        (byte)ValueKind.Undefined,
        (byte)ValueKind.Null,
        (byte)ValueKind.Boolean,
        (byte)ValueKind.Boolean,
        (byte)ValueKind.Number,
        (byte)ValueKind.String,
        (byte)ValueKind.Object,
        (byte)ValueKind.Array,
    ];

    /// <summary>The number. False for other kinds, and for numbers of a payload that are out of range.</summary>
    public bool TryGetNumber(out Number number)
    {
        number = _number;
        if (Kind != ValueKind.Number) return false;
        return _bytes.IsEmpty || Number.TryParse(_bytes, out number);
    }

    /// <summary>As a value in JSON. Not for Undefined, which JSON has not.</summary>
    public void WriteJson(IBufferWriter<byte> output)
    {
        switch (Kind)
        {
            case ValueKind.Boolean:
                output.Write(_flag ? "true"u8 : "false"u8);
                break;
            case ValueKind.Number when _bytes.IsEmpty:
                output.Advance(NumberText.Write(_number, output.GetSpan(NumberText.MaxLength), point: _flag));
                break;
            case ValueKind.String when _flag:
                JsonText.WriteBetweenQuotes(output, _bytes);
                break;
            case ValueKind.String:
                JsonText.WriteQuoted(output, _bytes);
                break;
            case ValueKind.Null or ValueKind.Undefined:
                output.Write("null"u8);
                break;
            default:
                output.Write(_bytes);
                break;
        }
    }
}
