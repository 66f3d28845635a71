namespace Millrace.Benchmarks.Stacks;

/// <summary>The rows that can be queried at this moment.</summary>
internal interface ITable
{
    Task<long> CountAsync(CancellationToken stop);

    /// <summary>The rows of some cars that are newer than a time.</summary>
    /// <param name="cars">Their vins.</param>
    /// <param name="afterNs">Nanoseconds since 1970.</param>
    /// <param name="stop">Ends the query.</param>
    Task<IReadOnlyList<CarRow>> RowsAfterAsync(IReadOnlyList<string> cars, long afterNs, CancellationToken stop);
}
