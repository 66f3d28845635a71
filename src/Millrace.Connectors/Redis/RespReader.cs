namespace Millrace.Connectors.Redis;

/// <summary>Reads tokens of the Redis protocol, versions 2 and 3 (https://redis.io/docs/latest/develop/reference/protocol-spec/). Pure: bytes in, token out.</summary>
internal static class RespReader
{
    /// <summary>A line: a status, an error, a number.</summary>
    public const int MaxLine = 64 * 1024;

    /// <summary>A value. Nothing that is asked for here is anywhere near.</summary>
    public const int MaxBulk = 1024 * 1024;

    /// <summary>The elements of an array: more commands than one batch has.</summary>
    public const int MaxCount = 8 * 1024 * 1024;

    private const int LineEnd = 2;

    /// <param name="bytes">From the beginning of a token on.</param>
    /// <param name="token">Where it is done.</param>
    /// <param name="used">How many bytes it took; 0 where it is not done.</param>
    public static RespRead TryRead(ReadOnlySpan<byte> bytes, out RespToken token, out int used)
    {
        token = default;
        used = 0;
        if (bytes.IsEmpty) return RespRead.NeedMore;
        var length = bytes[1..].IndexOf((byte)'\r');
        if (length > MaxLine || (length < 0 && bytes.Length > MaxLine)) return RespRead.Malformed;
        if (length < 0 || bytes.Length == length + LineEnd) return IsKnown(bytes[0]) ? RespRead.NeedMore : RespRead.Malformed;
        if (bytes[length + LineEnd] != '\n') return RespRead.Malformed;
        var line = bytes.Slice(1, length);
        var head = 1 + length + LineEnd;
        switch (bytes[0])
        {
            case (byte)'+' or (byte)'#' or (byte)',' or (byte)'(':
                token = new RespToken { Kind = RespKind.Simple, Text = line };
                break;
            case (byte)'-':
                token = new RespToken { Kind = RespKind.Error, Text = line };
                break;
            case (byte)'_' when line.IsEmpty:
                token = new RespToken { Kind = RespKind.Null };
                break;
            case (byte)':' when TryNumber(line, out var number):
                token = new RespToken { Kind = RespKind.Integer, Number = number };
                break;
            case (byte)'$' or (byte)'=' or (byte)'!' when TryNumber(line, out var size):
                return Bulk(bytes, head, bytes[0] == '!' ? RespKind.Error : RespKind.Bulk, size, out token, out used);
            case (byte)'*' or (byte)'~' or (byte)'>' when TryNumber(line, out var count) && count is >= -1 and <= MaxCount:
                token = new RespToken { Kind = count < 0 ? RespKind.Null : RespKind.Array, Number = Math.Max(count, 0) };
                break;
            case (byte)'%' when TryNumber(line, out var pairs) && pairs is >= 0 and <= MaxCount / 2:
                token = new RespToken { Kind = RespKind.Array, Number = 2 * pairs };
                break;
            default:
                return RespRead.Malformed;
        }

        used = head;
        return RespRead.Done;
    }

    private static RespRead Bulk(ReadOnlySpan<byte> bytes, int head, RespKind kind, long size, out RespToken token, out int used)
    {
        token = default;
        used = 0;
        if (size is < -1 or > MaxBulk) return RespRead.Malformed;
        if (size < 0)
        {
            token = new RespToken { Kind = RespKind.Null };
            used = head;
            return RespRead.Done;
        }

        var rest = bytes[head..];
        if (rest.Length < size + LineEnd) return RespRead.NeedMore;
        if (rest[(int)size] != '\r' || rest[(int)size + 1] != '\n') return RespRead.Malformed;
        token = new RespToken { Kind = kind, Text = rest[..(int)size] };
        used = head + (int)size + LineEnd;
        return RespRead.Done;
    }

    private static bool IsKnown(byte first) => "+-:$*_#,(=!~>%"u8.Contains(first);

    private static bool TryNumber(ReadOnlySpan<byte> digits, out long number)
    {
        number = 0;
        var negative = digits is [(byte)'-', ..];
        if (negative || digits is [(byte)'+', ..]) digits = digits[1..];
        if (digits.Length is 0 or > 19) return false;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            var next = unchecked((number * 10) - (digit - '0'));
            if (next > number) return false;
            number = next;
        }

        if (negative) return true;
        number = unchecked(-number);
        return number >= 0;
    }
}
