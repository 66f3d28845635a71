namespace Millrace.Storage.DuckDb;

/// <summary>One reading of a source by one statement. Disposed after all its readers are.</summary>
internal interface IRowScan : IDisposable
{
    /// <summary>More threads than this would find nothing to do.</summary>
    int Threads { get; }

    /// <summary>For one thread of the statement. Any thread may ask.</summary>
    IRowReader Read();
}
