using System.Text;

namespace Millrace.Sql.History;

/// <summary>What Timestream's SQL writes otherwise than the engine: the names of measure columns, intervals, and two functions.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>measure_value::double</c> (bigint, varchar, boolean, timestamp) becomes the column <c>"measure_value::double"</c>.</item>
/// <item><c>15m</c> becomes <c>INTERVAL '15 minutes'</c>.</item>
/// <item><c>ago(15m)</c> becomes the present time, UTC, less that interval.</item>
/// <item><c>bin(time, 15m)</c> becomes <c>time_bucket</c>, in bins that are counted from 1970 as Timestream counts them.</item>
/// </list>
/// Strings, quoted names and comments stay as they are. Anything else is for the engine to judge.
/// </remarks>
public static class MeasureNames
{
    private static readonly string[] Types = ["double", "bigint", "varchar", "boolean", "timestamp"];

    public static RewrittenSql Rewrite(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return new Rewriter(sql).Rewrite();
    }

    private sealed class Rewriter(string sql)
    {
        private readonly List<SqlPart> _parts = SqlParts.Of(sql);
        private readonly StringBuilder _text = new();
        private readonly List<RewrittenSql.Piece> _pieces = [];

        // Of each bin(x, interval) the comma, and the closing parenthesis that it leads to.
        private readonly Dictionary<int, int> _commas = [];

        public RewrittenSql Rewrite()
        {
            var bins = FindBins();
            for (var i = 0; i < _parts.Count; i++)
            {
                if (bins.TryGetValue(i, out var interval))
                {
                    // From the word to behind the parenthesis: the interval comes first in the engine's function.
                    Write($"time_bucket({IntervalAt(interval)}, ", i, After(i));
                    i = After(i);
                }
                else if (_commas.TryGetValue(i, out var end))
                {
                    Write(", TIMESTAMP '1970-01-01 00:00:00'", i, end - 1);
                    i = end - 1;
                }
                else if (MeasureEnd(i) is var measure and > 0)
                {
                    Write($"\"measure_value::{TextOf(measure).ToLowerInvariant()}\"", i, measure);
                    i = measure;
                }
                else if (AgoEnd(i, out interval) is var ago and > 0)
                {
                    Write($"(now() - {IntervalAt(interval)})", i, ago);
                    i = ago;
                }
                else if (_parts[i].Kind == SqlPartKind.Interval)
                    Write(IntervalAt(i), i, i);
                else
                    Copy(i);
            }

            return new RewrittenSql(_text.ToString(), _pieces);
        }

        /// <summary>Every <c>bin(x, interval)</c>, in one pass over the parentheses: the part with its interval, by the part of its name.</summary>
        private Dictionary<int, int> FindBins()
        {
            var opens = new Dictionary<int, int>();
            var open = new Stack<(int Bin, int Comma)>();
            for (var i = 0; i < _parts.Count; i++)
            {
                if (Is(i, '('))
                {
                    var word = Before(i);
                    open.Push((word >= 0 && IsCall(word, "bin") ? word : -1, -1));
                }
                else if (Is(i, ',') && open.TryPop(out var call))
                    open.Push((call.Comma < 0 ? call.Bin : -1, i));
                else if (Is(i, ')') && open.TryPop(out call) && call is { Bin: >= 0, Comma: >= 0 })
                {
                    var interval = After(call.Comma);
                    if (interval >= _parts.Count || _parts[interval].Kind != SqlPartKind.Interval || After(interval) != i) continue;
                    opens.Add(call.Bin, interval);
                    _commas.Add(call.Comma, i);
                }
            }

            return opens;
        }

        /// <summary>The part with the type, where a measure column begins here; else 0.</summary>
        private int MeasureEnd(int i)
        {
            if (!IsWord(i, "measure_value")) return 0;
            var colon = After(i);
            if (!Is(colon, ':') || !Is(colon + 1, ':')) return 0;
            var type = After(colon + 1);
            return Array.Exists(Types, t => IsWord(type, t)) ? type : 0;
        }

        private int AgoEnd(int i, out int interval)
        {
            interval = 0;
            if (!IsCall(i, "ago")) return 0;
            interval = After(After(i));
            if (interval >= _parts.Count || _parts[interval].Kind != SqlPartKind.Interval) return 0;
            var close = After(interval);
            return Is(close, ')') ? close : 0;
        }

        /// <summary>Whether a function of that name is called here, and not a column or a method of something.</summary>
        private bool IsCall(int i, string name) => IsWord(i, name) && Is(After(i), '(') && !Is(Before(i), '.');

        private bool Is(int i, char c) => i >= 0 && i < _parts.Count && _parts[i].Kind == SqlPartKind.Other && sql[_parts[i].At] == c;

        private bool IsWord(int i, string word) => i < _parts.Count && _parts[i].Kind == SqlPartKind.Word
            && sql.AsSpan(_parts[i].At, _parts[i].End - _parts[i].At).Equals(word, StringComparison.OrdinalIgnoreCase);

        private int After(int i)
        {
            do i++;
            while (i < _parts.Count && _parts[i].Kind == SqlPartKind.Space);
            return i;
        }

        private int Before(int i)
        {
            do i--;
            while (i >= 0 && _parts[i].Kind == SqlPartKind.Space);
            return i;
        }

        private string TextOf(int i) => sql[_parts[i].At.._parts[i].End];

        private string IntervalAt(int i) => Intervals.ToEngine(TextOf(i));

        private void Copy(int i)
        {
            var part = _parts[i];
            if (_pieces.Count > 0 && _pieces[^1] is { Copied: true } last && last.End == part.At)
                _pieces[^1] = last with { End = part.End };
            else
                _pieces.Add(new RewrittenSql.Piece(_text.Length, part.At, part.End, Copied: true));
            _text.Append(sql, part.At, part.End - part.At);
        }

        private void Write(string text, int first, int last)
        {
            _pieces.Add(new RewrittenSql.Piece(_text.Length, _parts[first].At, _parts[last].End, Copied: false));
            _text.Append(text);
        }
    }
}
