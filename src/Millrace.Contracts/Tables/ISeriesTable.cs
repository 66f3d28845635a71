namespace Millrace.Contracts.Tables;

/// <summary>A table of a series store, and its numbers for names. Any thread may ask; a number never changes.</summary>
public interface ISeriesTable
{
    TableName Name { get; }

    /// <summary>The column of a dimension, added if there is none.</summary>
    int DimensionColumn(string name);

    /// <summary>The column of a measure of multi-measure records, added if there is none; its first value gives its type.</summary>
    /// <param name="name">UTF-8.</param>
    int MeasureColumn(ReadOnlySpan<byte> name);

    /// <summary>The type of a measure column; null before its first value is stored, where none is declared.</summary>
    /// <param name="column">From <see cref="MeasureColumn"/>.</param>
    MeasureType? TypeOf(int column);
}
