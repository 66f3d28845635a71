namespace Millrace.Gateway.Observing;

/// <summary>Numbers the connections of each client id, so that whoever gets lifecycle events out of order can tell which is the last. Any thread.</summary>
internal sealed class ClientVersions(TimeProvider time)
{
    // As AWS IoT does, about an hour after the last connection it begins at 0 again.
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    // Of clients that are gone; beyond it the one that went first is forgotten early.
    private const int MaxGone = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Client> _clients = [];
    private readonly LinkedList<(string ClientId, long At)> _gone = new();

    /// <returns>The number of this connection, from 0.</returns>
    public int Connected(string clientId)
    {
        lock (_gate)
        {
            ForgetOld();
            if (!_clients.TryGetValue(clientId, out var client))
            {
                _clients[clientId] = new Client();
                return 0;
            }

            if (client.Gone is { } place) _gone.Remove(place);
            client.Gone = null;
            return ++client.Version;
        }
    }

    /// <summary>The connection of this number is over.</summary>
    public void Disconnected(string clientId, int version)
    {
        lock (_gate)
        {
            // Another connection of the client may be there already.
            if (!_clients.TryGetValue(clientId, out var client) || client.Version != version || client.Gone is not null) return;
            client.Gone = _gone.AddLast((clientId, time.GetTimestamp()));
            ForgetOld();
        }
    }

    private void ForgetOld()
    {
        while (_gone.First is { } first && (_gone.Count > MaxGone || time.GetElapsedTime(first.Value.At) >= KeptFor))
        {
            _clients.Remove(first.Value.ClientId);
            _gone.RemoveFirst();
        }
    }

    private sealed class Client
    {
        public int Version { get; set; }

        /// <summary>Null while it is connected.</summary>
        public LinkedListNode<(string ClientId, long At)>? Gone { get; set; }
    }
}
