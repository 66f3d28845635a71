using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Millrace.Sql.Payload;

/// <summary>Steps over JSON and checks every byte of it: RFC 8259, and strings must be UTF-8. No value is decoded.</summary>
/// <remarks>A method that answers false has set <see cref="Fault"/>, and <see cref="At"/> to the byte that is wrong.</remarks>
internal ref struct JsonScanner(ReadOnlySpan<byte> bytes)
{
    /// <summary>The limit of System.Text.Json, so that what we take others can read.</summary>
    internal const int MaxDepth = 64;

    // What is looked at in one step: most values of devices are shorter.
    private const int Block = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At;

    public PayloadFault Fault;

    public readonly bool AtEnd => At >= _bytes.Length;

    /// <summary>The byte at hand; 0, which JSON has nowhere, at the end.</summary>
    public readonly byte Current => (uint)At < (uint)_bytes.Length ? _bytes[At] : (byte)0;

    public bool Fail(PayloadFault fault)
    {
        Fault = fault == PayloadFault.Unexpected && AtEnd ? PayloadFault.Truncated : fault;
        return false;
    }

    public void SkipSpace()
    {
        while ((uint)At < (uint)_bytes.Length && _bytes[At] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') At++;
    }

    public bool TryTake(byte expected)
    {
        if (Current != expected) return Fail(PayloadFault.Unexpected);
        At++;
        return true;
    }

    /// <summary>Nothing but white space may be left.</summary>
    public bool TryEnd()
    {
        SkipSpace();
        return AtEnd || Fail(PayloadFault.Trailing);
    }

    /// <summary>A name, the colon, and the space around it; ends at the value.</summary>
    /// <param name="start">The first byte of the name, after its quote.</param>
    public bool TryName(out int start, out int length, out bool escaped)
    {
        start = At + 1;
        length = 0;
        escaped = false;
        if (Current != '"') return Fail(PayloadFault.Unexpected);
        if (!TryString(out escaped)) return false;
        length = At - 1 - start;
        SkipSpace();
        if (!TryTake((byte)':')) return false;
        SkipSpace();
        return true;
    }

    /// <summary>A value of any kind.</summary>
    /// <param name="depth">How many objects and arrays it stands in.</param>
    /// <param name="escaped">For strings, whether there is a backslash.</param>
    public bool TryValue(int depth, out FieldKind kind, out bool escaped)
    {
        escaped = false;
        switch (Current)
        {
            case (byte)'"':
                kind = FieldKind.String;
                return TryString(out escaped);
            case (byte)'{':
                kind = FieldKind.Object;
                return TryContainer(depth);
            case (byte)'[':
                kind = FieldKind.Array;
                return TryContainer(depth);
            case (byte)'t':
                kind = FieldKind.True;
                return TryWord("true"u8);
            case (byte)'f':
                kind = FieldKind.False;
                return TryWord("false"u8);
            case (byte)'n':
                kind = FieldKind.Null;
                return TryWord("null"u8);
            default:
                kind = FieldKind.Number;
                return TryNumber();
        }
    }

    /// <summary>What devices send most: a string of plain ASCII, a number without exponent that one block shows to its end, or a word.</summary>
    /// <returns>The first byte behind it; -1 where it is something else, which may be right or wrong.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Usual(ReadOnlySpan<byte> bytes, int at, out FieldKind kind)
    {
        kind = FieldKind.String;
        if (bytes.Length - at < Block) return UsualAtEnd(bytes, at, out kind);
        var block = Vector256.Create(bytes[at..]);
        if (bytes[at] != '"')
        {
            if (bytes[at] >= 'a') return Word(bytes[at..], out kind) is > 0 and var length ? at + length : -1;
            kind = FieldKind.Number;
            return UsualNumber(bytes, at, ~(ulong)Digits(block));
        }

        // Without the quote that it begins with.
        var stops = Stops(block) & ~1u;
        var end = at + BitOperations.TrailingZeroCount(stops);
        if (stops == 0) end = PlainEnd(bytes, end);
        return (uint)end < (uint)bytes.Length && bytes[end] == '"' ? end + 1 : -1;
    }

    /// <summary>The same in the last bytes: in a block that begins before the value.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int UsualAtEnd(ReadOnlySpan<byte> bytes, int at, out FieldKind kind)
    {
        kind = FieldKind.String;
        if ((uint)at >= (uint)bytes.Length || bytes.Length < Block) return -1;
        if (bytes[at] == '"')
        {
            var end = PlainEnd(bytes, at + 1);
            return (uint)end < (uint)bytes.Length && bytes[end] == '"' ? end + 1 : -1;
        }

        if (bytes[at] >= 'a') return Word(bytes[at..], out kind) is > 0 and var length ? at + length : -1;
        kind = FieldKind.Number;
        return UsualNumber(bytes, at, ~(ulong)Digits(Vector256.Create(bytes[^Block..])) >> (at - bytes.Length + Block));
    }

    /// <returns>The length of the word that stands there; 0 where none does.</returns>
    private static int Word(ReadOnlySpan<byte> here, out FieldKind kind)
    {
        kind = here.StartsWith("true"u8) ? FieldKind.True : here.StartsWith("null"u8) ? FieldKind.Null : FieldKind.False;
        return kind != FieldKind.False ? 4 : here.StartsWith("false"u8) ? 5 : 0;
    }

    /// <param name="others">A bit for each byte from there on that is no digit, and for those behind what is known.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int UsualNumber(ReadOnlySpan<byte> bytes, int at, ulong others)
    {
        var first = at + (bytes[at] == '-' ? 1 : 0);
        var end = first + BitOperations.TrailingZeroCount(others >> (first - at));
        if (end == first || (end > first + 1 && bytes[first] == '0')) return -1;
        if ((uint)end < (uint)bytes.Length && bytes[end] == '.')
        {
            var places = BitOperations.TrailingZeroCount(others >> (end + 1 - at));
            if (places == 0) return -1;
            end += 1 + places;
        }

        if (end == bytes.Length) return end;
        // Up to the end of the block it may go on.
        return end < at + Block && (bytes[end] | 0x20) != 'e' ? end : -1;
    }

    /// <summary>A string, from its first quote to after its last.</summary>
    public bool TryString(out bool escaped)
    {
        var end = PlainEnd(_bytes, At + 1);
        if ((uint)end >= (uint)_bytes.Length || _bytes[end] != '"') return TryAnyString(out escaped);
        At = end + 1;
        escaped = false;
        return true;
    }

    private bool TryAnyString(out bool escaped)
    {
        var start = At;
        var ascii = true;
        escaped = false;
        At++;
        while (true)
        {
            At = PlainEnd(_bytes, At);
            if (AtEnd) return Fail(PayloadFault.Truncated);
            var stop = _bytes[At];
            if (stop == '"')
            {
                At++;
                return ascii || IsUtf8(start);
            }

            if (stop == '\\')
            {
                escaped = true;
                if (!TryEscape()) return false;
            }
            else if (stop < 0x20)
                return Fail(PayloadFault.Unexpected);
            else
            {
                ascii = false;
                At++;
            }
        }
    }

    /// <summary>An object or array with all that is in it, without recursion: hostile depth costs no stack.</summary>
    private bool TryContainer(int outer)
    {
        var depth = outer;
        var objects = 0UL;
        while (true)
        {
            if (Current is (byte)'{' or (byte)'[')
            {
                if (depth == MaxDepth) return Fail(PayloadFault.TooDeep);
                var isObject = Current == '{';
                objects = (objects << 1) | (isObject ? 1UL : 0UL);
                depth++;
                At++;
                SkipSpace();
                if (Current != (isObject ? '}' : ']'))
                {
                    if (isObject && !TryName(out _, out _, out _)) return false;
                    continue;
                }
            }
            else
            {
                SkipUsual((objects & 1) != 0);
                if (Current is (byte)'{' or (byte)'[') continue;
                if (!TryValue(depth, out _, out _)) return false;
                SkipSpace();
            }

            if (!TryLeave(ref depth, ref objects, outer, out var left)) return false;
            if (left) return true;
        }
    }

    /// <summary>Goes on to the last value of those that are as <see cref="Usual"/> has them, with no space between them.</summary>
    private void SkipUsual(bool isObject)
    {
        while (true)
        {
            var at = Usual(_bytes, At, out _);
            if ((uint)at >= (uint)_bytes.Length || _bytes[at] != ',') return;
            at++;
            if (isObject)
            {
                at = Usual(_bytes, at, out var kind);
                if ((uint)at >= (uint)_bytes.Length || _bytes[at] != ':' || kind != FieldKind.String) return;
                at++;
            }

            if ((uint)at >= (uint)_bytes.Length || _bytes[at] <= ' ') return;
            At = at;
        }
    }

    /// <summary>Closes what ends here, and steps over the comma to the next value.</summary>
    private bool TryLeave(ref int depth, ref ulong objects, int outer, out bool left)
    {
        left = false;
        while (true)
        {
            var isObject = (objects & 1) != 0;
            if (Current == ',')
            {
                At++;
                SkipSpace();
                return !isObject || TryName(out _, out _, out _);
            }

            if (!TryTake(isObject ? (byte)'}' : (byte)']')) return false;
            objects >>= 1;
            if (--depth == outer)
            {
                left = true;
                return true;
            }

            SkipSpace();
        }
    }

    private bool TryNumber()
    {
        var end = Usual(_bytes, At, out var kind);
        if (end < 0 || kind != FieldKind.Number) return TryAnyNumber();
        At = end;
        return true;
    }

    private bool TryAnyNumber()
    {
        if (Current == '-') At++;
        if (Current == '0')
            At++;
        else if (!TryDigits())
            return false;
        if (Current == '.')
        {
            At++;
            if (!TryDigits()) return false;
        }

        if (Current is (byte)'e' or (byte)'E')
        {
            At++;
            if (Current is (byte)'+' or (byte)'-') At++;
            if (!TryDigits()) return false;
        }

        return true;
    }

    private bool TryDigits()
    {
        var start = At;
        while ((uint)At < (uint)_bytes.Length && (uint)(_bytes[At] - '0') <= 9) At++;
        return At > start || Fail(PayloadFault.Unexpected);
    }

    private bool TryWord(ReadOnlySpan<byte> word)
    {
        if (_bytes[At..].StartsWith(word))
        {
            At += word.Length;
            return true;
        }

        At += _bytes[At..].CommonPrefixLength(word);
        return Fail(PayloadFault.Unexpected);
    }

    private bool TryEscape()
    {
        At++;
        if (Current is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            At++;
            return true;
        }

        if (!TryTake((byte)'u')) return false;
        for (var i = 0; i < 4; i++)
        {
            if (!char.IsAsciiHexDigit((char)Current)) return Fail(PayloadFault.Unexpected);
            At++;
        }

        return true;
    }

    private bool IsUtf8(int start)
    {
        if (Utf8.IsValid(_bytes[start..At])) return true;
        At = start;
        return Fail(PayloadFault.NotUtf8);
    }

    /// <summary>The first byte from there on that is not printable ASCII, or is a quote or a backslash; the length where there is none.</summary>
    private static int PlainEnd(ReadOnlySpan<byte> bytes, int at)
    {
        for (; bytes.Length - at >= Block; at += Block)
            if (Stops(Vector256.Create(bytes[at..])) is not 0 and var stops) return at + BitOperations.TrailingZeroCount(stops);

        if (bytes.Length < Block)
        {
            while (at < bytes.Length && bytes[at] is >= 0x20 and < 0x80 and not (byte)'"' and not (byte)'\\') at++;
            return at;
        }

        // The last block again, of which the first bytes are known already.
        var start = bytes.Length - Block;
        var left = (ulong)Stops(Vector256.Create(bytes[start..])) >> (at - start);
        return left == 0 ? bytes.Length : at + BitOperations.TrailingZeroCount(left);
    }

    // As signed bytes, what is not ASCII is negative: one comparison finds it and the control characters together.
    private static uint Stops(Vector256<byte> block)
    {
        var stops = Vector256.LessThan(block.AsSByte(), Vector256.Create((sbyte)0x20)).AsByte()
            | Vector256.Equals(block, Vector256.Create((byte)'"'))
            | Vector256.Equals(block, Vector256.Create((byte)'\\'));
        return stops.ExtractMostSignificantBits();
    }

    private static uint Digits(Vector256<byte> block) =>
        Vector256.LessThanOrEqual(block - Vector256.Create((byte)'0'), Vector256.Create((byte)9)).ExtractMostSignificantBits();
}
