namespace Millrace.Sql.History;

/// <summary>A query uses what is not, or not yet, part of the language here; the message says what, and what to write instead.</summary>
/// <param name="message">For the person who wrote the query.</param>
/// <param name="position">Where in their text, in characters from 0.</param>
public sealed class HistoryException(string message, int position) : Exception(message)
{
    public int Position { get; } = position;
}
