namespace Millrace.Storage.DuckDb;

/// <summary>Rows that a statement reads through <see cref="RowFunction"/>. Made when the statement is prepared; only one thread asks it.</summary>
internal interface IRowSource
{
    /// <summary>Names and types of all columns.</summary>
    IReadOnlyList<(string Name, ColumnType Type)> Columns { get; }

    /// <summary>About how many rows there are; null where that is not known.</summary>
    long? Rows { get; }

    /// <summary>When the statement runs, for each mention once.</summary>
    /// <param name="columns">Numbers of the columns wanted, in the order in which they are to be filled in; a number that is out of range may have any value.</param>
    IRowScan Open(int[] columns);
}
