namespace Millrace.Server;

/// <summary>What has been started, to be ended in the opposite order. One that fails to end does not keep the others from it.</summary>
internal sealed partial class Teardown : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _ends = new();
    private ILogger? _logger;

    public T Own<T>(T part)
        where T : notnull
    {
        _ends.Push(part switch
        {
            IAsyncDisposable asynchronous => asynchronous.DisposeAsync,
            IDisposable synchronous => () => End(synchronous),
            _ => throw new ArgumentException($"{typeof(T).Name} cannot be disposed", nameof(part)),
        });
        return part;
    }

    /// <summary>Runs before what was started earlier ends.</summary>
    public void Before(Func<ValueTask> act) => _ends.Push(act);

    /// <summary>Where failures are told while it still works.</summary>
    public void Tell(ILogger logger) => _logger = logger;

    public async ValueTask DisposeAsync()
    {
        while (_ends.TryPop(out var end))
        {
            try
            {
                await end();
            }
#pragma warning disable CA1031 // The rest must end all the same: it holds the lock of the data directory.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (_logger is not null) LogFailed(_logger, failure);
            }
        }
    }

    private static ValueTask End(IDisposable part)
    {
        part.Dispose();
        return default;
    }

    [LoggerMessage(EventId = 400, Level = LogLevel.Error, Message = "A part of the server did not end as it should; the others end all the same")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
