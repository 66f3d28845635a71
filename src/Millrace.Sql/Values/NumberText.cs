using System.Buffers.Text;
using System.Globalization;

namespace Millrace.Sql.Values;

/// <summary>Numbers from text and to text.</summary>
internal static class NumberText
{
    /// <summary>More than any number needs: sign, 34 digits, point, exponent; or all zeros of a number that is written out.</summary>
    public const int MaxLength = 64;

    /// <summary>What <see cref="TryParseShort(ReadOnlySpan{byte}, out long, out int)"/> reads at most.</summary>
    public const int ShortLength = 18;

    // As Java's BigDecimal: smaller ones have an exponent.
    private const int SmallestPlain = -7;

    public static bool TryParse(ReadOnlySpan<byte> text, bool plus, out Number number)
    {
        if (TryParseShort(text, out number)) return true;
        var at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var negative = at == 1;
        var digits = default(Digits);
        var start = at;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++) digits.Add(text[at] - '0');
        if (at == start) return false;
        if (at < text.Length && text[at] == '.')
        {
            start = ++at;
            for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++) digits.AddPlace(text[at] - '0');
            if (at == start) return false;
        }

        var exponent = 0L;
        if (at < text.Length && !TryExponent(text[at..], plus, out exponent)) return false;
        return digits.TryNumber(negative, exponent, out number);
    }

    /// <summary>What sensors send: at most 18 characters, no exponent. False may mean only that it is longer.</summary>
    /// <param name="digits">All of them as one number.</param>
    /// <param name="places">How many of them stand behind the point.</param>
    public static bool TryParseShort(ReadOnlySpan<byte> text, out long digits, out int places)
    {
        digits = 0;
        places = 0;
        var at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        if (text.Length > ShortLength || at == text.Length || text[at] == '.') return false;
        var point = text.Length - 1;
        for (; at < text.Length; at++)
        {
            var digit = text[at] - '0';
            if ((uint)digit <= 9)
                digits = (digits * 10) + digit;
            else if (digit == '.' - '0' && point == text.Length - 1 && at < point)
                point = at;
            else
                return false;
        }

        if (text[0] == '-') digits = -digits;
        places = text.Length - 1 - point;
        return true;
    }

    private static bool TryParseShort(ReadOnlySpan<byte> text, out Number number)
    {
        number = default;
        if (!TryParseShort(text, out var digits, out var places)) return false;
        if (digits == 0) places = 0;
        for (; places > 0 && digits % 10 == 0; places--) digits /= 10;
        number = Number.OfShort(digits, -places);
        return true;
    }

    public static bool TryOf(double value, out Number number)
    {
        Span<byte> text = stackalloc byte[32];
        number = default;
        return value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture) && TryParse(text[..length], plus: true, out number);
    }

    public static double ToDouble(Number number)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Utf8Parser.TryParse(text[..Write(number, text)], out double value, out _) ? value : 0;
    }

    /// <summary>Plain digits where 34 of them suffice, else with an exponent.</summary>
    /// <param name="point">Whether a whole number of plain digits gets <c>.0</c>.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(Number number, Span<byte> into, bool point = false)
    {
        Span<byte> digits = stackalloc byte[40];
        var absolute = (UInt128)Int128.Abs(number.Coefficient);
        int count;
        if (absolute <= ulong.MaxValue)
            Utf8Formatter.TryFormat((ulong)absolute, digits, out count);
        else
            absolute.TryFormat(digits, out count, provider: CultureInfo.InvariantCulture);

        digits = digits[..count];
        var at = 0;
        if (number.Sign < 0) into[at++] = (byte)'-';
        var first = count + number.Exponent;
        if (number.Exponent >= 0 && first <= Number.MaxDigits)
        {
            digits.CopyTo(into[at..]);
            into.Slice(at + count, number.Exponent).Fill((byte)'0');
            at += first;
            if (point) ".0"u8.CopyTo(into[at..]);
            return point ? at + 2 : at;
        }

        if (number.Exponent < 0 && first > SmallestPlain + 1) return at + WriteFraction(digits, first, into[at..]);
        return at + WriteScientific(digits, first - 1, into[at..]);
    }

    private static int WriteFraction(ReadOnlySpan<byte> digits, int whole, Span<byte> into)
    {
        var at = 0;
        if (whole <= 0)
        {
            into[at++] = (byte)'0';
            into[at++] = (byte)'.';
            into.Slice(at, -whole).Fill((byte)'0');
            at -= whole;
            whole = 0;
        }
        else
        {
            digits[..whole].CopyTo(into);
            at = whole;
            into[at++] = (byte)'.';
        }

        digits[whole..].CopyTo(into[at..]);
        return at + digits.Length - whole;
    }

    private static int WriteScientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> into)
    {
        digits = digits.TrimEnd((byte)'0');
        var at = 0;
        into[at++] = digits[0];
        if (digits.Length > 1)
        {
            into[at++] = (byte)'.';
            digits[1..].CopyTo(into[at..]);
            at += digits.Length - 1;
        }

        into[at++] = (byte)'E';
        Utf8Formatter.TryFormat(exponent, into[at..], out var length);
        return at + length;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, bool plus, out long exponent)
    {
        exponent = 0;
        if (text[0] is not ((byte)'e' or (byte)'E')) return false;
        var at = 1;
        var negative = false;
        if (at < text.Length && (text[at] == '-' || (plus && text[at] == '+'))) negative = text[at++] == '-';
        if (at == text.Length) return false;
        for (; at < text.Length; at++)
        {
            var digit = text[at] - '0';
            if ((uint)digit > 9) return false;
            // Beyond this it is out of every range; the digits that follow need not be added, only checked.
            if (exponent < int.MaxValue) exponent = (exponent * 10) + digit;
        }

        if (negative) exponent = -exponent;
        return true;
    }

    /// <summary>Digits as they are read: the first 18 in 64 bits, 36 in all, and of the rest whether it was zero.</summary>
    private struct Digits
    {
        private const int Kept = Number.MaxDigits + 2;

        private long _small;
        private Int128 _large;
        private int _count;
        private long _exponent;
        private bool _inexact;

        public void Add(int digit)
        {
            if (_count < 18)
            {
                _small = (_small * 10) + digit;
                if (_small != 0) _count++;
                return;
            }

            if (_count == 18) _large = _small;
            if (_count < Kept)
            {
                _large = (_large * 10) + digit;
                _count++;
                return;
            }

            _exponent++;
            _inexact |= digit != 0;
        }

        public void AddPlace(int digit)
        {
            Add(digit);
            _exponent--;
        }

        public readonly bool TryNumber(bool negative, long exponent, out Number number)
        {
            var coefficient = _count <= 18 ? _small : _large;
            return Number.TryOf(negative ? -coefficient : coefficient, _exponent + exponent, _inexact, out number);
        }
    }
}
