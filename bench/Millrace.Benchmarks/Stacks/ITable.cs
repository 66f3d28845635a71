namespace Millrace.Benchmarks.Stacks;

/// <summary>The rows that can be queried at this moment.</summary>
internal interface ITable
{
    Task<long> CountAsync(CancellationToken stop);

    /// <summary>The newest time of any row, nanoseconds since 1970; 0 where there is no row.</summary>
    Task<long> NewestNsAsync(CancellationToken stop);
}
