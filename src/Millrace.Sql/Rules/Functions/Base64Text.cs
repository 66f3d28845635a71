using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Base64 (RFC 4648 section 4), written with padding, read with or without.</summary>
internal static class Base64Text
{
    public static Value Encode(scoped in Evaluation e, ReadOnlySpan<byte> bytes)
    {
        var length = (((long)bytes.Length + 2) / 3) * 4;
        if (!e.Context.HasRoom((int)Math.Min(length, int.MaxValue))) return Value.Undefined;
        var buffer = e.Context.TakeText();
        Base64.EncodeToUtf8(bytes, buffer.GetSpan((int)length), out _, out var written);
        buffer.Advance(written);
        return Value.OfText(buffer.Written);
    }

    /// <summary>False where it is none, or where there is no more room.</summary>
    public static bool TryDecode(scoped in Evaluation e, ReadOnlySpan<byte> text, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (text.Length % 4 == 0 && text.EndsWith("="u8)) text = text[..^(text.EndsWith("=="u8) ? 2 : 1)];
        var (whole, rest) = (text.Length / 4 * 4, text.Length % 4);
        if (rest == 1 || text.IndexOfAny(" \t\r\n="u8) >= 0 || !e.Context.HasRoom(text.Length)) return false;
        var buffer = e.Context.TakeText();
        if (!TryAppend(buffer, text[..whole])) return false;
        if (rest > 0)
        {
            Span<byte> last = [(byte)'=', (byte)'=', (byte)'=', (byte)'='];
            text[whole..].CopyTo(last);
            if (!TryAppend(buffer, last)) return false;
        }

        bytes = buffer.Written;
        return true;
    }

    /// <summary>What bytes say: JSON is a value that can be looked into, other text a string, and what is no text Null.</summary>
    public static Value Read(ReadOnlySpan<byte> bytes)
    {
        if (JsonValue.TryRead(bytes, out var value)) return value;
        return Utf8.IsValid(bytes) ? Value.OfText(bytes) : Value.Null;
    }

    private static bool TryAppend(TextBuffer buffer, ReadOnlySpan<byte> text)
    {
        if (Base64.DecodeFromUtf8(text, buffer.GetSpan(text.Length), out _, out var written) != OperationStatus.Done) return false;
        buffer.Advance(written);
        return true;
    }
}
