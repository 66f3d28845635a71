using System.Globalization;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Windows;

/// <summary>A window function of GROUP BY, read and checked.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="SizeNs">Nanoseconds; of sessions the gap that ends one.</param>
/// <param name="StepNs">From the begin of one window to that of the next; of tumbling ones their size.</param>
internal sealed record WindowSpan(WindowKind Kind, long SizeNs, long StepNs)
{
    /// <summary>How many windows one row may be in.</summary>
    public const int MostWindows = 1000;

    /// <summary>For refusals of statements that lack one.</summary>
    public const string Advice = "add a window: GROUP BY vin, tumbling('1m'), or hopping('1m', '10s'), or session('5m')";

    private const long NsPerMs = 1_000_000;
    private const long Longest = 366L * 86_400_000 * NsPerMs;

    // The longer suffix first: "ms" ends in "s".
    private static readonly (string Suffix, long Ns)[] Units =
        [("ms", NsPerMs), ("s", 1000 * NsPerMs), ("m", 60_000 * NsPerMs), ("h", 3_600_000 * NsPerMs), ("d", 86_400_000 * NsPerMs)];

    /// <summary>Whether a call is that of a window function.</summary>
    public static bool Is(Syntax.Syntax syntax) => syntax is CallSyntax call && KindOf(call.Name) is not null;

    public static WindowSpan Of(CallSyntax call)
    {
        var kind = KindOf(call.Name)!.Value;
        var wanted = kind == WindowKind.Hopping ? 2 : 1;
        if (call.Arguments.Count != wanted)
        {
            throw new SyntaxException(call.At, kind switch
            {
                WindowKind.Tumbling => "tumbling() takes the size of its windows: tumbling('1m')",
                WindowKind.Hopping => "hopping() takes the size of its windows and the step from one to the next: hopping('1m', '10s')",
                _ => "session() takes the gap that ends one: session('5m')",
            });
        }

        var size = Duration(call.Arguments[0]);
        var step = kind == WindowKind.Hopping ? Duration(call.Arguments[1]) : size;
        if (step > size) throw new SyntaxException(call.Arguments[1].At, "the step must not be longer than the size: rows between two windows would be in none");
        if ((size + step - 1) / step > MostWindows)
            throw new SyntaxException(call.Arguments[1].At, $"each row would be in more than {MostWindows} windows: take a longer step");
        return new WindowSpan(kind, size, step);
    }

    private static WindowKind? KindOf(string name) => name.ToUpperInvariant() switch
    {
        "TUMBLING" => WindowKind.Tumbling,
        "HOPPING" => WindowKind.Hopping,
        "SESSION" => WindowKind.Session,
        _ => null,
    };

    private static long Duration(Syntax.Syntax argument)
    {
        const string rule = "must be a time in quotes, such as '500ms', '10s', '1m', '12h' or '1d'";
        if (argument is not StringSyntax { Text: var text }) throw new SyntaxException(argument.At, $"a window's size {rule}");
        foreach (var (suffix, unit) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal)) continue;
            if (!long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) continue;
            if (count == 0) throw new SyntaxException(argument.At, "a window's size must not be zero");
            return count <= Longest / unit ? count * unit : throw new SyntaxException(argument.At, "a window must not be longer than 366d");
        }

        throw new SyntaxException(argument.At, $"'{(text.Length > 20 ? text[..20] + "…" : text)}' is not a time: it {rule}");
    }
}
