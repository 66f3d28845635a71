namespace Millrace.Storage.Series.Query;

/// <summary>An error at a byte of the statement DuckDB reads; it becomes a <see cref="QueryException"/> at a line of the statement a person wrote.</summary>
internal sealed class PlacedException(QueryError error, string message, int? position) : Exception(message)
{
    public QueryError Error { get; } = error;

    public int? Position { get; } = position;
}
