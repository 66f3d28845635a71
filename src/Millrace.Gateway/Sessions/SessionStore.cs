using System.Globalization;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Contracts.Records;
using Millrace.Gateway.Retained;

namespace Millrace.Gateway.Sessions;

/// <summary>Keeps sessions that outlive their connection, retained messages and the dispatcher's position in documents.</summary>
/// <remarks>
/// A checkpoint is everything that changed, and at its end the offsets up to which the log is part of it. After a crash the log is read again from there,
/// and everything that comes of it is the same. Two things cannot wait for a checkpoint, as a client acts on them: that a QoS 2 message to it was released,
/// and that one from it was. Each is a small document of its own until the next checkpoint.
/// </remarks>
internal sealed class SessionStore(Broker broker, IDocumentStore documents)
{
    public const string SessionCollection = "sessions";
    public const string GroupCollection = "shared-subscriptions";

    /// <summary>QoS 2 to a client, PUBREC received: client id, slash, partition, slash, offset.</summary>
    public const string ReleasedCollection = "sessions-released";

    /// <summary>QoS 2 from a client, PUBREL received: client id, slash, offset.</summary>
    public const string FreedCollection = "sessions-freed";

    private const string GatewayCollection = "gateway";
    private const string DispatchedKey = "dispatched";
    private const int BytesPerSecond = 4 * 1024 * 1024;

    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly HashSet<Session> _dirty = [];
    private readonly Dictionary<Session, List<string>> _freed = [];
    private readonly HashSet<string> _groupDocuments = [];
    private TimeSpan _interval = TimeSpan.FromSeconds(1);
    private long _lastAt;
    private long[] _lastPositions = [];

    /// <summary>The next checkpoint writes it.</summary>
    public void MarkDirty(Session session)
    {
        // A session's lock is held: no checkpoint may wait for that one with this lock held.
        lock (_dirty) _dirty.Add(session);
    }

    /// <summary>Writes a session now.</summary>
    /// <returns>The number of the write; 0 where the session is over.</returns>
    public long Keep(Session session, IWriteListener? listener)
    {
        lock (_gate)
        {
            if (session.IsEnded) return 0;
            session.IsKept = true;
            return documents.Write([ChangeOf(session, [])], listener);
        }
    }

    /// <summary>Writes that a session is no more.</summary>
    public long Remove(Session session, IWriteListener? listener)
    {
        lock (_gate)
        {
            var changes = new List<DocumentChange> { new(SessionCollection, session.ClientId, null) };
            if (_freed.Remove(session, out var freed)) changes.AddRange(freed.Select(static key => new DocumentChange(FreedCollection, key, null)));
            changes.AddRange(session.Released.Select(position => new DocumentChange(ReleasedCollection, ReleasedKey(session, position), null)));
            lock (_dirty) _dirty.Remove(session);
            return documents.Write([.. changes], listener);
        }
    }

    /// <summary>A QoS 2 message to a client was received by it.</summary>
    public long KeepReleased(Session session, LogPosition position, IWriteListener listener)
    {
        lock (_gate) return session.IsEnded ? 0 : documents.Write([new DocumentChange(ReleasedCollection, ReleasedKey(session, position), [])], listener);
    }

    /// <summary>A QoS 2 message from a client was released by it.</summary>
    public long KeepFreed(Session session, long offset, IWriteListener listener)
    {
        lock (_gate)
        {
            if (session.IsEnded) return 0;
            var key = string.Create(CultureInfo.InvariantCulture, $"{session.ClientId}/{offset}");
            if (!_freed.TryGetValue(session, out var keys)) _freed[session] = keys = [];
            keys.Add(key);
            return documents.Write([new DocumentChange(FreedCollection, key, [])], listener);
        }
    }

    /// <summary>Writes all that changed, where it is time to.</summary>
    public void CheckpointIfDue()
    {
        var since = broker.Time.GetElapsedTime(Volatile.Read(ref _lastAt));
        if (since < _interval) return;
        bool isDirty;
        lock (_dirty) isDirty = _dirty.Count > 0;
        if (isDirty || since >= IdleInterval) Checkpoint();
    }

    /// <summary>Writes all that changed.</summary>
    /// <exception cref="FaultException">Unavailable: the documents take nothing now. What changed is written the next time.</exception>
    public void Checkpoint()
    {
        lock (_gate)
        {
            // First of all the position: whatever is older has its effect on what is gathered below.
            broker.Dispatcher.PassUnwanted();
            var positions = new long[broker.Ingress.Partitions.Count];
            for (var i = 0; i < positions.Length; i++) positions[i] = broker.Retained.Floor(i, broker.DispatchedTo(i));
            var taken = TakeDirty();
            IReadOnlyList<RetainedMessage> retained = [];
            var batch = new CheckpointBatch(documents);
            _lastAt = broker.Time.GetTimestamp();
            try
            {
                foreach (var session in taken) AddSession(batch, session);
                AddGroups(batch);
                retained = broker.Retained.TakeChanges();
                foreach (var message in retained) batch.Add([RetainedStore.ChangeOf(message)]);
                if (batch.IsEmpty && positions.AsSpan().SequenceEqual(_lastPositions)) return;

                // Last of all, too: a crash before it reads the log again from the position of before, and finds newer documents, which changes nothing.
                batch.Add([new DocumentChange(GatewayCollection, DispatchedKey, JsonSerializer.SerializeToUtf8Bytes(positions, SessionJson.Default.Int64Array))]);
                batch.Write();
                _lastPositions = positions;
                _interval = TimeSpan.FromSeconds(Math.Clamp((double)batch.Bytes / BytesPerSecond, 1, LongestInterval.TotalSeconds));
            }
            catch (FaultException)
            {
                foreach (var session in taken) MarkDirty(session);
                foreach (var group in broker.Shared.All) group.IsDirty = true;
                broker.Retained.PutBack(retained);
                throw;
            }
        }
    }

    /// <summary>Reads back what an earlier life kept, and what the log holds beyond it. Before anybody connects.</summary>
    /// <exception cref="FaultException">Corrupt: a document is not what it should be.</exception>
    public void Restore()
    {
        broker.Retained.Restore(documents);
        var released = ReleasedByClient();
        var freed = FreedByClient();
        foreach (var (key, value) in documents.List(GroupCollection)) RestoreGroup(key, value);
        foreach (var (clientId, value) in documents.List(SessionCollection))
        {
            var document = Read(SessionCollection, clientId, value, SessionJson.Default.SessionDocument);
            var offsets = freed.GetValueOrDefault(clientId) ?? [];
            document = document with { Received = document.Received.Where(r => !offsets.Contains(r.Value)).ToDictionary() };
            broker.Restore(clientId, document, released.GetValueOrDefault(clientId) ?? []);
        }

        RemoveGroupsWithoutMembers();
        var positions = documents.Find(GatewayCollection, DispatchedKey) is { } kept ? Read(GatewayCollection, DispatchedKey, kept, SessionJson.Default.Int64Array) : [];
        for (var i = 0; i < broker.Ingress.Partitions.Count; i++)
            if (i < positions.Length) broker.Recover(i, positions[i], (in record) => Seen(record, freed));
        MarkFreed(freed);
        Checkpoint();
    }

    private static string ReleasedKey(Session session, LogPosition position) =>
        string.Create(CultureInfo.InvariantCulture, $"{session.ClientId}/{position.Partition}/{position.Offset}");

    private static T Read<T>(string collection, string key, byte[] value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(value, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new FaultException(Fault.Corrupt, $"document {key} of {collection} cannot be read: {e.Message}", e);
        }
    }

    private static DocumentChange ChangeOf(Session session, List<LogPosition> forgotten) =>
        new(SessionCollection, session.ClientId, JsonSerializer.SerializeToUtf8Bytes(session.ToDocument(forgotten), SessionJson.Default.SessionDocument));

    private Session[] TakeDirty()
    {
        lock (_dirty)
        {
            Session[] dirty = [.. _dirty];
            _dirty.Clear();
            return dirty;
        }
    }

    private void AddSession(CheckpointBatch batch, Session session)
    {
        if (session.IsEnded || !session.IsDurable) return;

        // Freed before the state is taken: what is freed in between keeps its document until the next time.
        string[] freed = _freed.TryGetValue(session, out var keys) ? [.. keys] : [];
        var forgotten = new List<LogPosition>();
        var changes = new List<DocumentChange> { ChangeOf(session, forgotten) };
        foreach (var key in freed) changes.Add(new DocumentChange(FreedCollection, key, null));
        foreach (var position in forgotten) changes.Add(new DocumentChange(ReleasedCollection, ReleasedKey(session, position), null));
        batch.Add(changes);
        if (forgotten.Count > 0) batch.WhenWritten(() => session.Forget(forgotten));

        // Where the batch is not written after all, they stay until the session is over, and change nothing.
        if (freed.Length > 0 && keys!.Count == freed.Length) _freed.Remove(session);
        else keys?.RemoveRange(0, freed.Length);
    }

    private void AddGroups(CheckpointBatch batch)
    {
        var gone = new HashSet<string>(_groupDocuments);
        foreach (var group in broker.Shared.All)
        {
            var key = SharedGroups.KeyOf(group.Name, group.Subscription.Filter);
            if (!group.IsDurable) continue;
            gone.Remove(key);
            if (!group.IsDirty && _groupDocuments.Contains(key)) continue;
            var inFlight = new List<LogPosition>();
            foreach (var member in group.Members) member.CollectShared(group, inFlight);
            batch.Add([new DocumentChange(GroupCollection, key, JsonSerializer.SerializeToUtf8Bytes(group.ToDocument(inFlight), SessionJson.Default.SharedGroupDocument))]);
            _groupDocuments.Add(key);
        }

        foreach (var key in gone)
        {
            batch.Add([new DocumentChange(GroupCollection, key, null)]);
            _groupDocuments.Remove(key);
        }
    }

    private Dictionary<string, HashSet<LogPosition>> ReleasedByClient()
    {
        var all = new Dictionary<string, HashSet<LogPosition>>();
        foreach (var (key, _) in documents.List(ReleasedCollection))
        {
            var last = key.LastIndexOf('/');
            var first = last <= 0 ? -1 : key.LastIndexOf('/', last - 1);
            if (first < 0) continue;
            var position = new LogPosition(int.Parse(key.AsSpan(first + 1, last - first - 1), CultureInfo.InvariantCulture), long.Parse(key.AsSpan(last + 1), CultureInfo.InvariantCulture));
            if (!all.TryGetValue(key[..first], out var positions)) all[key[..first]] = positions = [];
            positions.Add(position);
        }

        return all;
    }

    private Dictionary<string, HashSet<long>> FreedByClient()
    {
        var all = new Dictionary<string, HashSet<long>>();
        foreach (var (key, _) in documents.List(FreedCollection))
        {
            var slash = key.LastIndexOf('/');
            if (!all.TryGetValue(key[..slash], out var offsets)) all[key[..slash]] = offsets = [];
            offsets.Add(long.Parse(key.AsSpan(slash + 1), CultureInfo.InvariantCulture));
        }

        return all;
    }

    private void RestoreGroup(string key, byte[] value)
    {
        var document = Read(GroupCollection, key, value, SessionJson.Default.SharedGroupDocument);
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var group = broker.Shared.GetOrAdd(key[..slash], System.Text.Encoding.UTF8.GetBytes(key[(slash + 1)..]), broker.Clamped(document.Since), document.ExcludesParent);
        group.Restore(document);
        _groupDocuments.Add(key);
    }

    private void RemoveGroupsWithoutMembers()
    {
        foreach (var group in broker.Shared.All)
            if (group.Members.Count == 0) broker.Shared.Leave(group, session: null);
    }

    private void Seen(in Record record, Dictionary<string, HashSet<long>> freed)
    {
        if (!LoggedProperties.TryGetPacketId(record, out var packetId) || packetId == 0) return;
        var clientId = System.Text.Encoding.UTF8.GetString(record.Key);
        if (freed.TryGetValue(clientId, out var offsets) && offsets.Contains(record.Offset)) return;
        broker.FindSession(clientId)?.RestoreReceived(packetId, record.Offset);
    }

    private void MarkFreed(Dictionary<string, HashSet<long>> freed)
    {
        var orphans = new List<DocumentChange>();
        foreach (var (clientId, offsets) in freed)
        {
            var keys = offsets.Select(offset => string.Create(CultureInfo.InvariantCulture, $"{clientId}/{offset}")).ToList();
            if (broker.FindSession(clientId) is { } session)
            {
                _freed[session] = keys;
                MarkDirty(session);
            }
            else
            {
                orphans.AddRange(keys.Select(static key => new DocumentChange(FreedCollection, key, null)));
            }
        }

        if (orphans.Count > 0) documents.Write([.. orphans], null);
    }
}
