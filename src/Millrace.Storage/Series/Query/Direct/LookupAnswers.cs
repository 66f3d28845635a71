using System.Collections.Concurrent;
using Millrace.Contracts;
using Millrace.Storage.Series.Query.Planning;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>Answers what is a small look-up, on the caller's thread and without DuckDB. Any thread.</summary>
/// <param name="planner">Knows the tables.</param>
/// <param name="snapshot">A table as it is now.</param>
internal sealed class LookupAnswers(QueryPlanner planner, Func<SeriesTable, TableSnapshot> snapshot)
{
    private const int MaxKnown = 500;

    /// <summary>Those of late, by what the parser gets, which is short: dashboards ask the same again and again.</summary>
    private readonly ConcurrentDictionary<string, Lookup> _known = new(StringComparer.Ordinal);

    public bool IsLookup(string sql) => Parse(sql) is not null;

    /// <summary>A table is gone: nothing is to hold it.</summary>
    public void Forget() => _known.Clear();

    /// <returns>Null where it is no look-up, or none that is small.</returns>
    /// <exception cref="QueryException">A file is broken, or nobody waits any more.</exception>
    public QueryEnd? TryAnswer(string sql, QueryLimits limits, Action<QueryResult> rows, TimeProvider clock, CancellationToken stop)
    {
        var begun = clock.GetTimestamp();
        if (Parse(sql) is not { } lookup) return null;
        try
        {
            using var taken = snapshot(lookup.Shape.Table);
            if (LookupRunner.Run(lookup, taken, stop) is not { } found) return null;
            if (found.Count > limits.Rows || (limits.Bytes < long.MaxValue && found.Bytes() > limits.Bytes))
            {
                found.Dispose();
                return null;
            }

            var end = new QueryEnd(found.Count, false, clock.GetElapsedTime(begun));
            rows(new QueryResult(ColumnsOf(lookup), [found], false, end.Elapsed) { IsWhole = true });
            return end;
        }
        catch (OperationCanceledException)
        {
            throw new QueryException(QueryError.Cancelled, "The query was cancelled.");
        }
        catch (FaultException broken)
        {
            throw new QueryException(QueryError.Failed, broken.Message);
        }
    }

    private static QueryColumn[] ColumnsOf(Lookup lookup)
    {
        var columns = new QueryColumn[lookup.Columns.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var type = NarrowedRows.TypeOf(lookup.Columns[i]);
            columns[i] = new QueryColumn(lookup.Columns[i].Name, type, type, 0, type);
        }

        return columns;
    }

    private Lookup? Parse(string sql)
    {
        var text = sql.AsSpan().Trim();
        while (text.EndsWith(";")) text = text[..^1].TrimEnd();
        if (_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known)
            && planner.FindTable(known.Database, known.Table) is { } now && now == (known.Shape, known.Latest)) return known;
        var isOfNow = false;
        var lookup = LookupParser.Parse(text, planner.FindTable, () =>
        {
            isOfNow = true;
            return TimeProvider.System.GetUtcNow().UtcTicks / 10 - (DateTime.UnixEpoch.Ticks / 10);
        });
        if (lookup is null || isOfNow) return lookup;
        if (_known.Count >= MaxKnown) _known.Clear();
        return _known[text.ToString()] = lookup;
    }
}
