using Millrace.Contracts;
using Millrace.Mqtt;

namespace Millrace.Gateway.Sessions;

/// <summary>Sends what waits for a session, on a worker: one at a time for a session, and only while there is something that can be sent.</summary>
internal sealed class SessionFeeder(Broker broker, Session session) : IThreadPoolWorkItem
{
    private bool _isRunning;

    /// <summary>Under the session's lock.</summary>
    public void Start()
    {
        if (_isRunning) return;
        _isRunning = true;
        broker.Workers.Queue(this);
    }

    /// <summary>Under the session's lock. Whoever finds later that something can be sent starts it again.</summary>
    public bool Stop() => _isRunning = false;

    public void Execute()
    {
        var reader = broker.RentReader();
        try
        {
            while (session.FeedOne(reader)) WriteWhenFull();
            session.Connection?.WriteOutput();
        }
        catch (FaultException e)
        {
            // Nothing is passed over: the client can come back when the log can be read again.
            if (session.Connection is { } connection && connection.Close(ReasonCode.ImplementationSpecificError, "Waiting messages cannot be read."))
                LogMessages.CannotFeed(broker.Logger, session.ClientId, e.Message);
            session.StopFeeding();
        }
        finally
        {
            broker.Return(reader);
        }
    }

    private void WriteWhenFull()
    {
        if (session.Connection is { } connection && !connection.HasRoom()) connection.WriteOutput();
    }
}
