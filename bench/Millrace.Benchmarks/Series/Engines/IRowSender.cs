using Millrace.Benchmarks.Series.Data;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>One connection that brings rows into an engine by its bulk protocol.</summary>
internal interface IRowSender : IAsyncDisposable
{
    /// <summary>Ends when the engine has said that it has the rows.</summary>
    Task SendAsync(RowBatch batch, CancellationToken stop);
}
