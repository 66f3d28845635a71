using Microsoft.AspNetCore.Connections;

namespace Millrace.Gateway.Kestrel;

/// <summary>One TLS handshake that goes on. Its connection carries it as a feature.</summary>
internal sealed class TlsHandshake(HandshakeGate gate, ConnectionContext connection)
{
    public HandshakeGate Gate => gate;

    public ConnectionContext Connection => connection;

    /// <summary>Its place among those that go on; guarded by the gate.</summary>
    public LinkedListNode<TlsHandshake>? Place { get; set; }

    /// <summary>Why it failed, as far as is known.</summary>
    public string Why { get; private set; } = "what came is no TLS, or nothing came in time";

    /// <summary>The client began to speak TLS.</summary>
    public void Spoke() => Why = "the client ended it, was too slow, or shares no version, cipher or ALPN protocol with this listener";

    public void Fail(string why) => Why = why;
}
