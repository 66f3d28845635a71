namespace Millrace.Storage.DuckDb;

/// <summary>The rows of a scan as one thread gets them.</summary>
internal interface IRowReader : IDisposable
{
    /// <summary>Fills a chunk. A failure of any kind ends the statement, with its message.</summary>
    /// <returns>How many rows, <see cref="DataChunk.Capacity"/> at most; 0 after the last.</returns>
    int Fill(in OutputChunk into);
}
