using System.Globalization;
using System.Text;

namespace Millrace.Sql.History;

/// <summary>What Timestream's SQL writes otherwise than the engine: the names of measure columns and of some functions, intervals, and nanoseconds.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>measure_value::double</c> (bigint, varchar, boolean, timestamp) becomes the column <c>"measure_value::double"</c>.</item>
/// <item><c>15m</c> becomes <c>INTERVAL '15 minutes'</c>.</item>
/// <item><c>ago(15m)</c> becomes the present time, UTC, less that interval.</item>
/// <item><c>bin(time, 15m)</c> becomes <c>time_bucket</c>, in bins that are counted from 1970 as Timestream counts them.</item>
/// <item>A <c>TIMESTAMP '…'</c> of more than six digits behind the second keeps them all.</item>
/// <item>Patterns of <c>date_format</c> and <c>date_parse</c> get the engine's letters.</item>
/// <item>Functions get the engine's names (<see cref="FunctionNames"/>), and those that are missing here are refused.</item>
/// </list>
/// Strings, quoted names and comments stay as they are. Anything else is for the engine to judge.
/// </remarks>
public static class MeasureNames
{
    private static readonly string[] Types = ["double", "bigint", "varchar", "boolean", "timestamp"];

    /// <exception cref="HistoryException">It uses a function that is missing here, or an interval that cannot be.</exception>
    public static RewrittenSql Rewrite(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return new Rewriter(sql).Rewrite();
    }

    private sealed class Rewriter(string sql)
    {
        private readonly SqlText _sql = new(sql);
        private readonly StringBuilder _text = new();
        private readonly List<RewrittenSql.Piece> _pieces = [];

        // Of each bin(x, interval) the comma, the closing parenthesis that it leads to, and what stands in place of the interval.
        private readonly Dictionary<int, (int Close, string Instead)> _commas = [];
        private Dictionary<int, SqlCall> _calls = [];

        public RewrittenSql Rewrite()
        {
            _calls = _sql.Calls();
            var next = 0;
            while (next < _sql.Parts.Count) next = Part(next) + 1;
            return new RewrittenSql(_text.ToString(), _pieces);
        }

        /// <returns>The last part that was taken.</returns>
        private int Part(int i)
        {
            if (_commas.TryGetValue(i, out var bin)) return Write(bin.Instead, i, bin.Close - 1);
            if (_sql.IsInterval(i)) return Write(IntervalAt(i), i, i);
            if (MeasureEnd(i) is var measure and > 0) return Write($"\"measure_value::{_sql.Of(measure).ToLowerInvariant()}\"", i, measure);
            if (IsFine(i)) return Write("TIMESTAMP_NS", i, i);
            return _calls.TryGetValue(i, out var call) ? Call(i, call) : Copy(i);
        }

        private int Call(int i, SqlCall call)
        {
            var name = _sql.Of(i);
            if (FunctionNames.WhyNot(name, call.Arguments) is { } reason) throw new HistoryException($"{name} cannot be used here: {reason}.", _sql.Parts[i].At);
            if (_sql.IsWord(i, "ago") && call.Arguments == 1 && IsOnlyInterval(call.Open, call.Close, out var interval))
                return Write($"(now() - {IntervalAt(interval)})", i, call.Close);
            if (_sql.IsWord(i, "bin") && call.Arguments == 2 && IsOnlyInterval(call.FirstComma, call.Close, out interval)) return Bin(i, call, interval);
            if (DatePatterns.Engine(name) is { } dates && call.Arguments == 2) return Dates(i, call, dates);
            return FunctionNames.Engine(name, call.Arguments) is { } engine ? Write(engine, i, i) : Copy(i);
        }

        // From the word to behind the parenthesis: the interval comes first in the engine's function.
        private int Bin(int i, SqlCall call, int interval)
        {
            if (Intervals.ToEngine(_sql.Of(interval)) is { } whole)
            {
                _commas.Add(call.FirstComma, (call.Close, ", TIMESTAMP '1970-01-01 00:00:00'"));
                return Write($"time_bucket({whole}, ", i, _sql.After(i));
            }

            var width = Intervals.Nanoseconds(_sql.Of(interval))!.Value.ToString(CultureInfo.InvariantCulture);
            _commas.Add(call.FirstComma, (call.Close, $", {width}"));
            return Write("bin_nanoseconds(", i, _sql.After(i));
        }

        // The engine wants the pattern written out, and has other letters in it.
        private int Dates(int i, SqlCall call, string engine)
        {
            var pattern = _sql.After(call.FirstComma);
            if (!_sql.IsString(pattern) || _sql.After(pattern) != call.Close)
                throw new HistoryException($"{_sql.Of(i)} takes a pattern that is written out: {_sql.Of(i)}(…, '%Y-%m-%d %H:%i:%s').", _sql.Parts[i].At);
            _commas.Add(call.FirstComma, (call.Close, $", {DatePatterns.ToEngine(_sql.Of(pattern))}"));
            return Write(engine, i, i);
        }

        /// <summary>Whether an interval is all that stands between two parts.</summary>
        private bool IsOnlyInterval(int from, int to, out int interval)
        {
            interval = _sql.After(from);
            return _sql.IsInterval(interval) && _sql.After(interval) == to;
        }

        /// <summary>The part with the type, where a measure column begins here; else 0.</summary>
        private int MeasureEnd(int i)
        {
            if (!_sql.IsWord(i, "measure_value")) return 0;
            var colon = _sql.After(i);
            if (!_sql.Is(colon, ':') || !_sql.Is(colon + 1, ':')) return 0;
            var type = _sql.After(colon + 1);
            return Array.Exists(Types, t => _sql.IsWord(type, t)) ? type : 0;
        }

        /// <summary>Whether the word TIMESTAMP begins a literal that the engine's own TIMESTAMP, of microseconds, would cut.</summary>
        private bool IsFine(int i)
        {
            if (!_sql.IsWord(i, "timestamp") || !_sql.IsString(_sql.After(i))) return false;
            var text = _sql.Of(_sql.After(i));
            var point = text.IndexOf('.', StringComparison.Ordinal);
            return point > 0 && text.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9') > 6;
        }

        private string IntervalAt(int i) => Intervals.ToEngine(_sql.Of(i)) ?? throw new HistoryException(
            $"{_sql.Of(i)} is not a whole number of microseconds; intervals of nanoseconds can only be in bin(time, {_sql.Of(i)}).", _sql.Parts[i].At);

        private int Copy(int i)
        {
            var part = _sql.Parts[i];
            if (_pieces.Count > 0 && _pieces[^1] is { Copied: true } last && last.End == part.At)
                _pieces[^1] = last with { End = part.End };
            else
                _pieces.Add(new RewrittenSql.Piece(_text.Length, part.At, part.End, Copied: true));
            _text.Append(sql, part.At, part.End - part.At);
            return i;
        }

        private int Write(string text, int first, int last)
        {
            _pieces.Add(new RewrittenSql.Piece(_text.Length, _sql.Parts[first].At, _sql.Parts[last].End, Copied: false));
            _text.Append(text);
            return last;
        }
    }
}
