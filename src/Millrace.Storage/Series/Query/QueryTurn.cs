namespace Millrace.Storage.Series.Query;

/// <summary>A query's place among those that compute. It is given to others while the query waits for whoever reads its rows.</summary>
/// <param name="places">One is taken.</param>
internal sealed class QueryTurn(SemaphoreSlim places) : IDisposable
{
    private bool _held = true;

    public void Give()
    {
        if (_held) places.Release();
        _held = false;
    }

    /// <summary>Waits for a place again, where it was given away.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the query any more.</exception>
    public void TakeAgain(CancellationToken stop)
    {
        if (!_held) places.Wait(stop);
        _held = true;
    }

    public void Dispose() => Give();
}
