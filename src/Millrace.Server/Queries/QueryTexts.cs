using System.Collections.Concurrent;
using Millrace.Sql.History;

namespace Millrace.Server.Queries;

/// <summary>Puts statements into the engine's words; those of late are known again, for dashboards ask the same again and again. Any thread.</summary>
internal sealed class QueryTexts
{
    private const int MaxKnown = 500;
    private const int MaxKnownLength = 8 * 1024;

    private readonly ConcurrentDictionary<string, RewrittenSql> _known = new(StringComparer.Ordinal);

    /// <param name="sql">In Timestream's words.</param>
    /// <param name="show">What is asked, where the statement is no query but SHOW or DESCRIBE.</param>
    /// <returns>Null where it is one of those.</returns>
    /// <exception cref="HistoryException">It is not well formed, or uses what is missing here.</exception>
    public RewrittenSql? InEnginesWords(string sql, out ShowStatement? show)
    {
        show = null;
        if (_known.TryGetValue(sql, out var known)) return known;
        show = ShowStatement.Read(sql);
        if (show is not null) return null;
        var rewritten = MeasureNames.Rewrite(sql);
        if (sql.Length > MaxKnownLength) return rewritten;
        if (_known.Count >= MaxKnown) _known.Clear();
        return _known[sql] = rewritten;
    }
}
