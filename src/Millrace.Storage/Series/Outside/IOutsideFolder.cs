using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Outside;

/// <summary>A directory whose files are tables. One caller at a time.</summary>
internal interface IOutsideFolder
{
    /// <summary>What stands before the dot in the names of its tables.</summary>
    string Schema { get; }

    /// <summary>As there is now.</summary>
    IReadOnlyList<OutsideTable> List();

    /// <summary>Makes the view of that name show what the files hold now.</summary>
    /// <exception cref="DuckDbException">They cannot be read, with file and line where there is one.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    void Prepare(Connection connection, OutsideTable table);
}
