using System.Text;

namespace Millrace.Sql.Rules;

/// <summary>A compiled MQTT topic filter, with AWS's rule that <c>sensor/#</c> does not match <c>sensor</c> itself.</summary>
/// <remarks>Immutable. A filter that begins with a wildcard does not match topics that begin with <c>$</c> (MQTT 4.7.2).</remarks>
public sealed class TopicFilter
{
    private const int MaxBytes = 65535;

    private readonly byte[] _prefix;

    // What stands behind each '+': the first begins where the prefix ended, the last goes to the end or to the '#'.
    private readonly byte[][] _parts;
    private readonly bool _openEnd;

    private TopicFilter(string text)
    {
        Text = text;
        _openEnd = text[^1] == '#';
        var pieces = (_openEnd ? text[..^1] : text).Split('+');
        _prefix = Encoding.UTF8.GetBytes(pieces[0]);
        _parts = [.. pieces.Skip(1).Select(Encoding.UTF8.GetBytes)];
    }

    private TopicFilter()
    {
        Text = "";
        _prefix = [];
        _parts = [];
        MatchesNothing = true;
    }

    /// <summary>Of a rule without FROM.</summary>
    public static TopicFilter None { get; } = new();

    /// <summary>The filter as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether it is <see cref="None"/>.</summary>
    public bool MatchesNothing { get; }

    /// <summary>Compiles a filter, or says what is wrong with it.</summary>
    public static bool TryCreate(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TopicFilter? filter, out string problem)
    {
        problem = Problem(text ?? "") ?? "";
        filter = problem.Length == 0 ? new TopicFilter(text!) : null;
        return filter is not null;
    }

    /// <param name="topic">UTF-8, a topic name without wildcards.</param>
    public bool Matches(ReadOnlySpan<byte> topic)
    {
        if (!topic.StartsWith(_prefix)) return false;
        var rest = topic[_prefix.Length..];
        if (_parts.Length == 0) return (rest.IsEmpty || _openEnd) && !MatchesNothing && !IsReserved(topic);
        for (var i = 0; i < _parts.Length; i++)
        {
            var level = rest.IndexOf((byte)'/');
            rest = level < 0 ? [] : rest[level..];
            var part = _parts[i];
            if (!rest.StartsWith(part)) return false;
            rest = rest[part.Length..];
        }

        return (rest.IsEmpty || _openEnd) && !IsReserved(topic);
    }

    public override string ToString() => Text;

    private bool IsReserved(ReadOnlySpan<byte> topic) => _prefix.Length == 0 && !topic.IsEmpty && topic[0] == '$';

    private static string? Problem(string text)
    {
        if (text.Length == 0) return "a topic filter must not be empty";
        if (text.Contains('\0', StringComparison.Ordinal)) return "a topic filter must not hold the character U+0000";
        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !IsUtf16(text)) return "a topic filter must be Unicode text";
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes) return $"a topic filter must not be longer than {MaxBytes} bytes";
        var levels = text.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i].Contains('+', StringComparison.Ordinal) && levels[i] != "+")
                return $"in the topic filter '{text}', '+' must stand alone between slashes";
            if (levels[i].Contains('#', StringComparison.Ordinal) && (levels[i] != "#" || i < levels.Length - 1))
                return $"in the topic filter '{text}', '#' must stand alone as the last level";
        }

        return null;
    }

    private static bool IsUtf16(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (rune == Rune.ReplacementChar && !text.Contains('\uFFFD', StringComparison.Ordinal)) return false;
        return true;
    }
}
