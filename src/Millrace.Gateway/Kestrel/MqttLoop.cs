using Millrace.Gateway.Connections;

namespace Millrace.Gateway.Kestrel;

/// <summary>Drives a connection over a pipe from its first byte to its last, whatever carries the pipe.</summary>
internal static class MqttLoop
{
    /// <param name="broker">Where the client wants to.</param>
    /// <param name="transport">Not started.</param>
    /// <param name="peer">Who it is.</param>
    /// <param name="goingDown">The server stops: the client is told, and the connection ends.</param>
    public static async Task RunAsync(Broker broker, PipeTransport transport, Peer peer, CancellationToken goingDown)
    {
        var session = broker.Open(transport, peer);
        if (session is null) return;
        transport.Start(session);
        await using var closing = goingDown.UnsafeRegister(
            static session => ((Connection)session!).Close(Mqtt.ReasonCode.ServerShuttingDown), session).ConfigureAwait(false);
        try
        {
            await ReadAsync(transport, session).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The far side is gone, or the transport stopped waiting for it. Either way the session ends here.
        }
        finally
        {
            session.Dispose();
            await transport.EndAsync(broker.Options.CloseTimeout, broker.Time).ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(PipeTransport transport, Connection session)
    {
        while (!session.IsClosed)
        {
            var read = await transport.Input.ReadAsync().ConfigureAwait(false);
            var rest = read.Buffer;
            var progress = session.Receive(ref rest);

            // What is left is looked at again with the next bytes, or at once where the session only had to wait.
            transport.Input.AdvanceTo(rest.Start, progress == Progress.NeedInput ? rest.End : rest.Start);
            if (progress == Progress.NeedRoom) await session.WaitForRoomAsync(transport.Closing).ConfigureAwait(false);
            else if (progress == Progress.NeedQuiet) await transport.ResumedAsync().ConfigureAwait(false);
            else if (progress == Progress.NeedAccess) await session.AuthenticateAsync(transport.Closing).ConfigureAwait(false);
            else if (progress == Progress.Closed || read.IsCompleted) return;
        }
    }
}
