using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;
using Millrace.Sql.Payload;

namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>Writes messages of Protocol Buffers as JSON, by protobuf's own mapping: 64-bit numbers and bytes (base64) are strings, enums are names.</summary>
/// <remarks>Fields come by their numbers. Fields that the type does not know are left out. False is for bytes that are no such message, and for too large ones.</remarks>
internal readonly ref struct ProtoJson(RuleContext context, TextBuffer output)
{
    // Less than what readers of JSON take, because a field with a message in an array is two levels.
    private const int MaxDepth = 60;

    /// <summary>A message as an object, or as what its well-known type is in JSON.</summary>
    public bool TryWrite(ProtoMessage message, ReadOnlySpan<byte> bytes, int depth = 0)
    {
        if (depth > MaxDepth) return false;
        if (WellKnown.Find(message) is { } known) return known(this, message, bytes, depth);
        if (!TryWrite("{"u8)) return false;
        var count = 0;
        return TryWriteFields(message, bytes, depth, ref count) && TryWrite("}"u8);
    }

    public bool TryWrite(ReadOnlySpan<byte> text)
    {
        if (!context.HasRoom(text.Length)) return false;
        output.Write(text);
        return true;
    }

    public bool TryWriteText(ReadOnlySpan<byte> text)
    {
        // A control character becomes six.
        if (!Utf8.IsValid(text) || !context.HasRoom((6 * text.Length) + 2)) return false;
        JsonText.WriteQuoted(output, text);
        return true;
    }

    /// <summary>One value of a field, which stands as a number.</summary>
    public bool TryWriteNumber(ProtoField field, ulong number)
    {
        if (!context.HasRoom(40)) return false;
        var into = output.GetSpan(40);
        var length = 0;
        switch (field.Type)
        {
            case ProtoType.Double:
                return TryWriteDouble(BitConverter.UInt64BitsToDouble(number), isFloat: false);
            case ProtoType.Float:
                return TryWriteDouble(BitConverter.UInt32BitsToSingle((uint)number), isFloat: true);
            case ProtoType.Bool:
                return TryWrite(number != 0 ? "true"u8 : "false"u8);
            case ProtoType.Enum:
                return TryWriteEnum(field, (int)number);
            case ProtoType.Int32 or ProtoType.SFixed32:
                Utf8Formatter.TryFormat((int)number, into, out length);
                break;
            case ProtoType.UInt32 or ProtoType.Fixed32:
                Utf8Formatter.TryFormat((uint)number, into, out length);
                break;
            case ProtoType.SInt32:
                Utf8Formatter.TryFormat((int)((uint)number >> 1) ^ -(int)((uint)number & 1), into, out length);
                break;
            default:
                into[0] = (byte)'"';
                var isUnsigned = field.Type is ProtoType.UInt64 or ProtoType.Fixed64;
                var value = field.Type == ProtoType.SInt64 ? (long)(number >> 1) ^ -(long)(number & 1) : (long)number;
                if (isUnsigned) Utf8Formatter.TryFormat(number, into[1..], out length);
                else Utf8Formatter.TryFormat(value, into[1..], out length);
                into[length + 1] = (byte)'"';
                length += 2;
                break;
        }

        output.Advance(length);
        return true;
    }

    /// <summary>A value of any field that is not repeated.</summary>
    public bool TryWriteValue(ProtoField field, ulong number, ReadOnlySpan<byte> bytes, int depth) => field.Type switch
    {
        ProtoType.Text => TryWriteText(bytes),
        ProtoType.Bytes => TryWriteBytes(bytes),
        ProtoType.Message or ProtoType.Group => TryWrite(field.Message!, bytes, depth + 1),
        _ => TryWriteNumber(field, number),
    };

    /// <summary>An array, or of a map an object.</summary>
    public bool TryWriteRepeated(ProtoField field, ReadOnlySpan<ProtoValue> found, ReadOnlySpan<byte> bytes, int depth) =>
        field.Message is { IsMapEntry: true } entry ? TryWriteMap(entry, found, bytes, depth) : TryWriteArray(field, found, bytes, depth);

    private bool TryWriteFields(ProtoMessage message, ReadOnlySpan<byte> bytes, int depth, ref int count)
    {
        if (ProtoValues.TryRead(message, bytes) is not { } values) return false;
        for (var i = 0; i < message.Fields.Length; i++)
        {
            var field = message.Fields[i];
            var found = values.Of(i);
            if (found.IsEmpty || (field.HasNoPresence && ProtoValues.IsDefault(field, found[^1], bytes))) continue;
            if (field.Oneof >= 0 && values.LastOf(field.Oneof) != i) continue;
            if (count++ > 0 && !TryWrite(","u8)) return false;
            if (!TryWriteText(field.Name) || !TryWrite(":"u8)) return false;
            var isWritten = field.IsRepeated ? TryWriteRepeated(field, found, bytes, depth) : TryWriteLast(field, found, bytes, depth);
            if (!isWritten) return false;
        }

        return true;
    }

    /// <summary>Of a field that is there more than once the last counts; messages are put together, which for their bytes means one after the other.</summary>
    private bool TryWriteLast(ProtoField field, ReadOnlySpan<ProtoValue> found, ReadOnlySpan<byte> bytes, int depth)
    {
        var last = found[^1];
        if (!field.IsMessage || found.Length == 1) return TryWriteValue(field, last.Number, last.In(bytes), depth);
        var length = 0;
        foreach (var value in found) length += value.Length;
        if (!context.HasRoom(length)) return false;
        var whole = new ArrayBufferWriter<byte>(Math.Max(1, length));
        foreach (var value in found) whole.Write(value.In(bytes));
        return TryWriteValue(field, 0, whole.WrittenSpan, depth);
    }

    private bool TryWriteArray(ProtoField field, ReadOnlySpan<ProtoValue> found, ReadOnlySpan<byte> bytes, int depth)
    {
        if (!TryWrite("["u8)) return false;
        var count = 0;
        foreach (var value in found)
        {
            if (!value.IsPacked)
            {
                if (count++ > 0 && !TryWrite(","u8)) return false;
                if (!TryWriteValue(field, value.Number, value.In(bytes), depth + 1)) return false;
                continue;
            }

            var packed = new WireReader(value.In(bytes));
            while (packed.NextPacked(field.Wire))
            {
                if (count++ > 0 && !TryWrite(","u8)) return false;
                if (!TryWriteNumber(field, packed.Number)) return false;
            }

            if (packed.Failed) return false;
        }

        return TryWrite("]"u8);
    }

    /// <summary>An object; of entries with one key the last counts.</summary>
    private bool TryWriteMap(ProtoMessage entry, ReadOnlySpan<ProtoValue> found, ReadOnlySpan<byte> bytes, int depth)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        var entries = new ProtoMapEntry[found.Length];
        for (var i = 0; i < found.Length; i++)
        {
            if (ProtoMapEntry.TryRead(entry, found[i].In(bytes)) is not { } read) return false;
            entries[i] = read;
            last[read.Key] = i;
        }

        if (!TryWrite("{"u8)) return false;
        var count = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            if (last[entries[i].Key] != i) continue;
            if (count++ > 0 && !TryWrite(","u8)) return false;
            if (!TryWriteText(System.Text.Encoding.UTF8.GetBytes(entries[i].Key)) || !TryWrite(":"u8)) return false;
            var whole = found[i].In(bytes);
            if (!TryWriteValue(entry.Fields[1], entries[i].Value.Number, entries[i].Value.In(whole), depth + 1)) return false;
        }

        return TryWrite("}"u8);
    }

    private bool TryWriteBytes(ReadOnlySpan<byte> bytes)
    {
        var length = (int)Math.Min(int.MaxValue, ((bytes.Length + 2L) / 3 * 4) + 2);
        if (!context.HasRoom(length)) return false;
        var into = output.GetSpan(length);
        into[0] = (byte)'"';
        Base64.EncodeToUtf8(bytes, into[1..], out _, out var written);
        into[written + 1] = (byte)'"';
        output.Advance(written + 2);
        return true;
    }

    private bool TryWriteDouble(double value, bool isFloat)
    {
        if (double.IsNaN(value)) return TryWrite("\"NaN\""u8);
        if (double.IsInfinity(value)) return TryWrite(value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);
        var into = output.GetSpan(40);
        int length;
        if (isFloat) ((float)value).TryFormat(into, out length, "R", CultureInfo.InvariantCulture);
        else value.TryFormat(into, out length, "R", CultureInfo.InvariantCulture);
        output.Advance(length);
        return true;
    }

    private bool TryWriteEnum(ProtoField field, int number)
    {
        if (field.TypeName == ".google.protobuf.NullValue") return TryWrite("null"u8);
        if (field.Enum!.TryGetValue(number, out var name)) return TryWriteText(name);
        Utf8Formatter.TryFormat(number, output.GetSpan(40), out var length);
        output.Advance(length);
        return true;
    }
}
