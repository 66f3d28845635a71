namespace Millrace.Sql.Rules.Functions;

/// <summary>What functions of one thread keep from message to message: room, and what they made of patterns that come with the messages.</summary>
internal sealed class FunctionMemory
{
    private const int MaxKept = 64 * 1024;

    private char[] _chars = new char[256];

    public PatternCache<Matching.Pattern> Patterns { get; } = new();

    public PatternCache<Times.TimeFormat> Formats { get; } = new();

    public PatternCache<Times.TimeParser> Parsers { get; } = new();

    public PatternCache<TimeZoneInfo> Zones { get; } = new();

    public PatternCache<Proto.ProtoMessage> Messages { get; } = new(keepsNothing: false);

    /// <summary>Room for a text in UTF-16, until the next call.</summary>
    public char[] Chars(int length)
    {
        if (length > MaxKept) return new char[length];
        if (_chars.Length < length) _chars = new char[Math.Min(MaxKept, Math.Max(length, _chars.Length * 2))];
        return _chars;
    }
}
