using Millrace.Gateway.Connections;

namespace Millrace.Gateway.Epoll;

/// <summary>Output that was taken from a connection and that the socket had no room for yet.</summary>
internal struct UnsentOutput
{
    private OutputBytes _bytes;
    private int _sent;
    private bool _isHeld;

    public readonly bool IsEmpty => !_isHeld;

    public void Take(OutputBytes bytes) => (_bytes, _sent, _isHeld) = (bytes, 0, true);

    /// <returns>What sending came to.</returns>
    public SendOutcome Send(int socket)
    {
        while (true)
        {
            var rest = _bytes.Span[_sent..];
            var sent = Libc.Send(socket, rest, rest.Length, Libc.NoSignal);
            if (sent < 0)
            {
                if (Libc.Errno == ErrorNumber.Interrupted) continue;
                return Libc.Errno == ErrorNumber.Again ? SendOutcome.Full : SendOutcome.Gone;
            }

            // After less than all the next call says that the socket is full, and from then on epoll tells when it no longer is.
            _sent += (int)sent;
            if (_sent < _bytes.Span.Length) continue;
            Drop();
            return SendOutcome.Sent;
        }
    }

    public void Drop()
    {
        if (!_isHeld) return;
        _isHeld = false;
        _bytes.Release();
        _bytes = default;
    }
}
