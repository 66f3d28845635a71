using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Storage.Series.Query;

/// <summary>A statement that is about to run.</summary>
/// <param name="statement">Owned by this.</param>
/// <param name="sql">Its text as DuckDB reads it, without EXPLAIN.</param>
/// <param name="names">Of its columns.</param>
/// <param name="plan">What was made of it; null where it runs as it is written.</param>
internal sealed class PreparedQuery(Statement statement, string sql, IReadOnlyList<string> names, QueryPlan? plan) : IDisposable
{
    public Statement Statement { get; } = statement;

    public string Sql { get; } = sql;

    public IReadOnlyList<string> Names { get; } = names;

    public QueryPlan? Plan { get; } = plan;

    public void Dispose() => Statement.Dispose();
}
