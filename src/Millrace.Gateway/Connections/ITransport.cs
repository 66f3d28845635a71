namespace Millrace.Gateway.Connections;

/// <summary>What drives a connection: hands it the bytes that arrive, and writes what it has to say.</summary>
/// <remarks>Called by any thread, with no lock held. Must not block and must not throw.</remarks>
public interface ITransport
{
    /// <summary>The connection has output: take it with <see cref="Connection.TryTakeOutput"/>, one thread at a time.</summary>
    void OutputReady();

    /// <summary>A connection that answered <see cref="Progress.NeedQuiet"/> can go on. Called also when nobody waits.</summary>
    void Resume();

    /// <summary>The connection is over: write what output there is, then close, also if a read is pending.</summary>
    void Close();
}
