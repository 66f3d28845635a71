using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>One entry of a map. A key or value that is missing is the type's default.</summary>
/// <param name="Key">As JSON has it: always text.</param>
/// <param name="Value">In the entry's bytes.</param>
internal readonly record struct ProtoMapEntry(string Key, ProtoValue Value)
{
    public static ProtoMapEntry? TryRead(ProtoMessage entry, ReadOnlySpan<byte> bytes)
    {
        if (ProtoValues.TryRead(entry, bytes) is not { } values) return null;
        var keys = values.Of(0);
        var found = values.Of(1);
        var key = keys.IsEmpty ? default : keys[^1];
        if (entry.Fields[0].Type == ProtoType.Text && !Utf8.IsValid(key.In(bytes))) return null;
        return new ProtoMapEntry(KeyText(entry.Fields[0], key, bytes), found.IsEmpty ? default : found[^1]);
    }

    private static string KeyText(ProtoField field, ProtoValue key, ReadOnlySpan<byte> bytes)
    {
        var number = key.Number;
        return field.Type switch
        {
            ProtoType.Text => Encoding.UTF8.GetString(key.In(bytes)),
            ProtoType.Bool => number != 0 ? "true" : "false",
            ProtoType.UInt64 or ProtoType.Fixed64 => number.ToString(CultureInfo.InvariantCulture),
            ProtoType.UInt32 or ProtoType.Fixed32 => ((uint)number).ToString(CultureInfo.InvariantCulture),
            ProtoType.Int32 or ProtoType.SFixed32 => ((int)number).ToString(CultureInfo.InvariantCulture),
            ProtoType.SInt32 or ProtoType.SInt64 => ((long)(number >> 1) ^ -(long)(number & 1)).ToString(CultureInfo.InvariantCulture),
            _ => ((long)number).ToString(CultureInfo.InvariantCulture),
        };
    }
}
