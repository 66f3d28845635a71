using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Windows;

/// <summary>Windows that each group has of its own: rows of which each follows another by less than the gap.</summary>
internal sealed class SessionWindows(WindowPlan plan) : OpenWindows
{
    private readonly Dictionary<byte[], List<Session>> _groups = new(BytesComparer.Instance);

    // No session ends before; one that goes on ends later than it would have.
    private long _noneEndsBefore = long.MaxValue;

    public override long? OldestNs => Count == 0 ? null : _groups.Values.Min(static sessions => sessions.Min(static session => session.FirstNs));

    /// <remarks>A row behind the watermark is taken only into a session that reaches over its time: it can neither begin one nor join two that were apart.</remarks>
    public override Placement Add(in WindowRow row, in RowOrder order, long watermark, int most)
    {
        var time = order.TimeNs;
        var known = _groups.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(row.Key, out var sessions);
        Session? joined = null;
        for (var i = 0; known && i < sessions!.Count; i++)
        {
            var session = sessions[i];
            if (HasEnded(session, watermark)) continue;
            var holds = time < watermark
                ? session.FirstNs <= time && time <= session.LastNs
                : session.FirstNs - plan.SizeNs < time && time < session.LastNs + plan.SizeNs;
            if (!holds) continue;
            if (joined is null)
            {
                joined = session;
                joined.FirstNs = Math.Min(joined.FirstNs, time);
                joined.LastNs = Math.Max(joined.LastNs, time);
                continue;
            }

            // The row stands in the gap between two, which are one from now on.
            joined.FirstNs = Math.Min(joined.FirstNs, session.FirstNs);
            joined.LastNs = Math.Max(joined.LastNs, session.LastNs);
            joined.Values.Merge(session.Values);
            sessions.RemoveAt(i--);
            Count--;
        }

        if (joined is null)
        {
            if (time < watermark) return Placement.Late;
            if (Count >= most) return Placement.NoRoom;
            joined = new Session(plan.NewValues()) { FirstNs = time, LastNs = time };
            Add(row.Key, joined);
        }

        joined.Values.Add(row, order);
        return Placement.Taken;
    }

    public override IReadOnlyList<ClosedWindow> Close(long watermark)
    {
        if (watermark < _noneEndsBefore) return [];
        List<ClosedWindow>? closed = null;
        _noneEndsBefore = long.MaxValue;
        foreach (var (key, sessions) in _groups)
        {
            for (var i = sessions.Count - 1; i >= 0; i--)
            {
                var session = sessions[i];
                if (!HasEnded(session, watermark))
                {
                    _noneEndsBefore = Math.Min(_noneEndsBefore, session.LastNs + plan.SizeNs);
                    continue;
                }

                (closed ??= []).Add(new ClosedWindow(key, session.Values, session.FirstNs, session.LastNs));
                sessions.RemoveAt(i);
            }

            if (sessions.Count == 0) _groups.Remove(key);
        }

        if (closed is null) return [];
        Count -= closed.Count;
        closed.Sort(static (a, b) => a.EndNs.CompareTo(b.EndNs));
        return closed;
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Count);
        foreach (var (key, sessions) in _groups)
        {
            foreach (var session in sessions)
            {
                writer.Write7BitEncodedInt(key.Length);
                writer.Write(key);
                writer.Write(session.FirstNs);
                writer.Write(session.LastNs);
                session.Values.Write(writer);
            }
        }
    }

    public override void Read(BinaryReader reader)
    {
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            var key = reader.ReadBytes(reader.Read7BitEncodedInt());
            var session = new Session(plan.NewValues()) { FirstNs = reader.ReadInt64(), LastNs = reader.ReadInt64() };
            session.Values.Read(reader);
            Add(key, session);
        }
    }

    private bool HasEnded(Session session, long watermark) => session.LastNs + plan.SizeNs <= watermark;

    private void Add(ReadOnlySpan<byte> key, Session session)
    {
        if (!_groups.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var sessions)) _groups.Add(key.ToArray(), sessions = []);
        sessions.Add(session);
        _noneEndsBefore = Math.Min(_noneEndsBefore, session.LastNs + plan.SizeNs);
        Count++;
    }

    private sealed class Session(GroupValues values)
    {
        public GroupValues Values => values;

        public long FirstNs { get; set; }

        public long LastNs { get; set; }
    }
}
