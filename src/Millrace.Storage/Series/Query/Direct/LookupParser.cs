using System.Globalization;
using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>Reads a statement that is a simple look-up. What it does not know, or what is wrong, is not for it: DuckDB answers then, or says what is wrong.</summary>
internal ref struct LookupParser
{
    private const int MaxLength = 4000;
    private const long MaxExact = 1L << 53;
    private const long NsPerUs = 1000;

    private readonly Func<string, string, (TableShape Shape, bool Latest)?> _find;
    private readonly Func<long> _nowUs;
    private LookupTokens _tokens;

    private LookupParser(ReadOnlySpan<char> sql, Func<string, string, (TableShape Shape, bool Latest)?> find, Func<long> nowUs)
    {
        _find = find;
        _nowUs = nowUs;
        _tokens = new LookupTokens(sql);
    }

    /// <param name="sql">Without a semicolon.</param>
    /// <param name="find">A table by database and name.</param>
    /// <param name="nowUs">The present time, microseconds since 1970.</param>
    /// <returns>Null where it is not one.</returns>
    public static Lookup? Parse(ReadOnlySpan<char> sql, Func<string, string, (TableShape Shape, bool Latest)?> find, Func<long> nowUs) =>
        sql.Length > MaxLength || !sql.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase) ? null : new LookupParser(sql, find, nowUs).Parse();

    private Lookup? Parse()
    {
        if (!_tokens.Take("select")) return null;
        var all = _tokens.Take('*');
        var names = new List<string>();
        while (!all)
        {
            if (_tokens.TakeName() is not { } name) return null;
            names.Add(name);
            if (!_tokens.Take(',')) break;
        }

        if (!_tokens.Take("from") || _tokens.TakeName() is not { } database || !_tokens.Take('.') || _tokens.TakeName() is not { } table) return null;
        if (_find(database, table) is not { } found) return null;
        var columns = all ? found.Shape.Columns : names.ConvertAll(name => found.Shape.Find(name)!);
        if (columns.Contains(null!)) return null;
        var lookup = new Lookup { Database = database, Table = table, Shape = found.Shape, Latest = found.Latest, Columns = columns };
        if (_tokens.Take("where"))
        {
            do
            {
                if (!Condition(lookup)) return null;
            }
            while (_tokens.Take("and"));
        }

        if (_tokens.Take("order") && !OrderBy(lookup)) return null;
        if (_tokens.Take("limit"))
        {
            if (Whole() is not { } limit) return null;
            lookup.Limit = limit;
        }

        return _tokens.Kind == LookupToken.End ? lookup : null;
    }

    private bool OrderBy(Lookup lookup)
    {
        if (!_tokens.Take("by")) return false;
        do
        {
            if (_tokens.TakeName() is not { } name || lookup.Shape.Find(name) is not { } column || !(column.IsOfSeries || column.Role == ColumnRole.Time)) return false;
            var descending = _tokens.Take("desc");
            if (!descending) _tokens.Take("asc");
            lookup.Order.Add((column, descending));
        }
        while (_tokens.Take(','));
        return true;
    }

    private bool Condition(Lookup lookup)
    {
        if (_tokens.TakeName() is not { } name || lookup.Shape.Find(name) is not { } column) return false;
        return column.Role switch
        {
            ColumnRole.Dimension or ColumnRole.MeasureName => OfSeries(lookup, column),
            ColumnRole.Time => OfTime(lookup),
            ColumnRole.Measure => OfMeasure(lookup, column),
            _ => false,
        };
    }

    private bool OfSeries(Lookup lookup, ShapeColumn column)
    {
        if (_tokens.Take("is"))
        {
            var isNull = !_tokens.Take("not");
            lookup.Series.Add(SeriesPredicate.IsKnown(column.At, isNull));
            return _tokens.Take("null");
        }

        var values = new List<byte[]>();
        if (_tokens.Take("in"))
        {
            if (!_tokens.Take('(')) return false;
            do
            {
                if (_tokens.TakeText() is not { } one) return false;
                values.Add(Encoding.UTF8.GetBytes(one));
            }
            while (_tokens.Take(','));
            if (!_tokens.Take(')')) return false;
        }
        else
        {
            if (!_tokens.Take('=') || _tokens.TakeText() is not { } one) return false;
            values.Add(Encoding.UTF8.GetBytes(one));
        }

        lookup.Series.Add(SeriesPredicate.IsOneOf(column.At, values));
        return true;
    }

    private bool OfTime(Lookup lookup)
    {
        if (_tokens.Take("between"))
        {
            if (Time() is not { } from || !_tokens.Take("and") || Time() is not { } to) return false;
            lookup.Times = lookup.Times.And(new TimeRange(from, to));
            return true;
        }

        if (Operator() is not { } how || Time() is not { } ns) return false;
        lookup.Times = lookup.Times.And(how switch
        {
            Comparison.Equal => new TimeRange(ns, ns),
            Comparison.Less => TimeRange.LessThan(ns),
            Comparison.LessOrEqual => TimeRange.AtMost(ns),
            Comparison.Greater => TimeRange.MoreThan(ns),
            _ => TimeRange.AtLeast(ns),
        });
        return how != Comparison.NotEqual;
    }

    private bool OfMeasure(Lookup lookup, ShapeColumn column)
    {
        if (_tokens.Take("is"))
        {
            var isNull = !_tokens.Take("not");
            lookup.Tests.Add(new MeasureTest(column.At, column.Type, isNull ? Comparison.Null : Comparison.NotNull, 0));
            return _tokens.Take("null");
        }

        if (column.Type == MeasureType.Double && (_tokens.Is('/') || _tokens.Is('*'))) return Scaled(lookup, column);
        if (Operator() is not { } how || Number(column.Type) is not { } bits) return false;
        lookup.Tests.Add(new MeasureTest(column.At, column.Type, how, bits));
        return true;
    }

    /// <summary>Behind a measure: <c>/ CAST(dimension AS DOUBLE)</c> or the same with <c>*</c>, and what it is compared with.</summary>
    private bool Scaled(Lookup lookup, ShapeColumn measure)
    {
        var divides = _tokens.Take('/');
        if (!divides) _tokens.Take('*');
        if (!_tokens.Take("cast") || !_tokens.Take('(') || _tokens.TakeName() is not { } name || lookup.Shape.Find(name) is not { Role: ColumnRole.Dimension } dimension) return false;
        if (!_tokens.Take("as") || !_tokens.Take("double") || !_tokens.Take(')')) return false;
        if (Operator() is not { } how || Number(MeasureType.Double) is not { } bits) return false;
        lookup.ScaledTests.Add(new ScaledTest(measure.At, dimension.At, divides, how, BitConverter.Int64BitsToDouble(bits)));
        return true;
    }

    private Comparison? Operator()
    {
        if (_tokens.Kind != LookupToken.Symbol) return null;
        Comparison? how = _tokens.Token switch
        {
            "=" => Comparison.Equal,
            "<>" or "!=" => Comparison.NotEqual,
            "<" => Comparison.Less,
            "<=" => Comparison.LessOrEqual,
            ">" => Comparison.Greater,
            ">=" => Comparison.GreaterOrEqual,
            _ => null,
        };
        _tokens.Next();
        return how;
    }

    /// <summary>A text, TIMESTAMP and a text, or now() with perhaps an interval less, all of it perhaps in parentheses.</summary>
    private long? Time()
    {
        if (_tokens.Take('('))
        {
            var inner = Time();
            return _tokens.Take(')') ? inner : null;
        }

        if (_tokens.Take("timestamp")) return _tokens.TakeText() is { } written ? ConstantTime.Parse(written, digits: 6) : null;
        if (_tokens.TakeText() is { } text) return ConstantTime.Parse(text, digits: 9);
        if (!_tokens.Take("now") || !_tokens.Take('(') || !_tokens.Take(')')) return null;
        var now = _nowUs();
        if (!_tokens.Take('-')) return now * NsPerUs;
        if (!_tokens.Take("interval") || _tokens.TakeText() is not { } past || ConstantTime.ParseInterval(past) is not { } us || us > now) return null;
        return (now - us) * NsPerUs;
    }

    private long? Whole()
    {
        if (_tokens.Kind != LookupToken.Number || !long.TryParse(_tokens.Token, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        _tokens.Next();
        return number;
    }

    private long? Number(MeasureType type)
    {
        var minus = _tokens.Take('-');
        if (_tokens.Kind != LookupToken.Number) return null;
        var token = _tokens.Token;
        long? bits = null;
        if (long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            if (minus) whole = -whole;
            if (type == MeasureType.Bigint) bits = whole;
            else if (type == MeasureType.Double && Math.Abs(whole) <= MaxExact) bits = BitConverter.DoubleToInt64Bits(whole);
        }
        else if (type == MeasureType.Double && token.IndexOf('.') is var point and > 0 && token.Length - point - 1 is > 0 and <= 15
            && long.TryParse(string.Concat(token[..point], token[(point + 1)..]), NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units <= MaxExact)
        {
            // As DuckDB makes a double of a decimal.
            var value = units / Math.Round(Math.Pow(10, token.Length - point - 1));
            bits = BitConverter.DoubleToInt64Bits(minus ? -value : value);
        }

        _tokens.Next();
        return bits;
    }
}
