namespace Millrace.Storage.Series.Query;

/// <summary>A query gave no answer; the message is for the person who wrote it.</summary>
/// <param name="error">What to do about it.</param>
/// <param name="message">What is wrong.</param>
/// <param name="line">From 1; 0 where there is no place.</param>
/// <param name="column">From 1, in characters; 0 where there is no place.</param>
public sealed class QueryException(QueryError error, string message, int line = 0, int column = 0) : Exception(message)
{
    public QueryError Error { get; } = error;

    public int Line { get; } = line;

    public int Column { get; } = column;
}
