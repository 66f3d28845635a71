namespace Millrace.Gateway.Sessions;

/// <summary>What drives a session: hands it the bytes that arrive, and writes what it has to say.</summary>
/// <remarks>Called by any thread, with no lock held. Must not block and must not throw.</remarks>
public interface ITransport
{
    /// <summary>The session has output: take it with <see cref="Session.TryTakeOutput"/>, one thread at a time.</summary>
    void OutputReady();

    /// <summary>A session that answered <see cref="Progress.NeedQuiet"/> can go on. Called also when nobody waits.</summary>
    void Resume();

    /// <summary>The session is over: write what output there is, then close, also if a read is pending.</summary>
    void Close();
}
