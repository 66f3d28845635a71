namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>Reads times by a pattern of <c>java.time.format.DateTimeFormatter</c> (JDK 11), in English. Immutable.</summary>
internal sealed class TimeParser
{
    /// <summary>The longest text that is looked at.</summary>
    public const int MaxText = 512;

    private const string Known = "GuyDMLdQqYwEeahKkHmsSAnNVzOXxZ";

    // What is in optional parts in each other.
    private const int MaxNesting = 20;

    private readonly TimeStep[] _steps;

    private TimeParser(TimeStep[] steps) => _steps = steps;

    /// <summary>Null where it is no pattern, with the reason.</summary>
    public static TimeParser? TryCreate(string pattern, out string problem)
    {
        var open = new Stack<List<TimeStep>>([[]]);
        var letters = new PatternLetters(pattern);
        problem = "";
        while (letters.Next())
        {
            switch (letters.Letter)
            {
                case '\0':
                    open.Peek().Add(new TimeStep { Literal = letters.Literal });
                    break;
                case '[' when open.Count > MaxNesting:
                    problem = $"optional parts must not stand in each other more than {MaxNesting} deep";
                    return null;
                case '[':
                    open.Push([]);
                    break;
                case ']' when open.Count == 1:
                    problem = "a ']' has no '[' before it in the time pattern";
                    return null;
                case ']':
                    Close(open);
                    break;
                default:
                    if (TimeStep.TryCreate(letters.Letter, letters.Count) is { } step)
                    {
                        open.Peek().Add(step);
                        break;
                    }

                    problem = Known.Contains(letters.Letter)
                        ? $"'{new string(letters.Letter, Math.Min(letters.Count, 20))}' cannot be read: DateTimeFormatter has not so many (or so few) of that letter"
                        : $"'{letters.Letter}' is no letter of a time pattern ({string.Join(' ', Known.ToCharArray())}); put text in single quotes";
                    return null;
            }
        }

        if (letters.IsOpen)
        {
            problem = "a single quote is not closed in the time pattern";
            return null;
        }

        while (open.Count > 1) Close(open);
        return new TimeParser(Reserve(open.Pop()));
    }

    public static TimeParser? TryCreate(string pattern) => TryCreate(pattern, out _);

    /// <param name="ms">Milliseconds since 1970; cut below one.</param>
    public bool TryParse(ReadOnlySpan<char> text, out long ms)
    {
        ms = 0;
        var fields = new TimeFields();
        var at = 0;
        return TryParse(_steps, text, ref at, ref fields) && at == text.Length && fields.TryEpochMs(out ms);
    }

    private static bool TryParse(TimeStep[] steps, ReadOnlySpan<char> text, ref int at, ref TimeFields fields)
    {
        foreach (var step in steps)
        {
            if (step.Optional is { } optional)
            {
                var (place, copy) = (at, fields);
                if (!TryParse(optional, text, ref at, ref fields)) (at, fields) = (place, copy);
            }
            else if (step.Literal is { } literal)
            {
                if (!text[at..].StartsWith(literal, StringComparison.Ordinal)) return false;
                at += literal.Length;
            }
            else if (!step.TryParse(text, ref at, ref fields))
                return false;
        }

        return true;
    }

    private static void Close(Stack<List<TimeStep>> open)
    {
        var inner = open.Pop();
        open.Peek().Add(new TimeStep { Optional = Reserve(inner) });
    }

    /// <summary>A number of any width leaves as many digits as the numbers of fixed width right behind it need: yyyyMMdd.</summary>
    private static TimeStep[] Reserve(List<TimeStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (!steps[i].IsNumber || steps[i].IsFixed) continue;
            var reserved = 0;
            for (var next = i + 1; next < steps.Count && steps[next].IsFixed; next++) reserved += steps[next].Least;
            steps[i] = steps[i] with { Reserved = reserved };
        }

        return [.. steps];
    }
}
