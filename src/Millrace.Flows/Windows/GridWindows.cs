using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Windows;

/// <summary>Windows that begin at multiples of a step since 1970, for all groups the same.</summary>
internal sealed class GridWindows(WindowPlan plan) : OpenWindows
{
    private readonly SortedDictionary<long, Dictionary<byte[], GroupValues>> _windows = [];

    public override long? OldestNs => _windows.Count == 0 ? null : _windows.First().Key;

    public override Placement Add(in WindowRow row, in RowOrder order, long watermark, int most)
    {
        var last = order.TimeNs - Mod(order.TimeNs, plan.StepNs);
        var added = 0;
        for (var start = last; start > order.TimeNs - plan.SizeNs; start -= plan.StepNs)
            if (start + plan.SizeNs > watermark && Find(start, row.Key) is null) added++;
        if (Count + added > most) return Placement.NoRoom;

        var late = false;
        for (var start = last; start > order.TimeNs - plan.SizeNs; start -= plan.StepNs)
        {
            if (start + plan.SizeNs <= watermark) late = true;
            else (Find(start, row.Key) ?? Open(start, row.Key)).Add(row, order);
        }

        return late ? Placement.Late : Placement.Taken;
    }

    public override IReadOnlyList<ClosedWindow> Close(long watermark)
    {
        List<ClosedWindow>? closed = null;
        while (_windows.Count > 0 && _windows.First() is var (start, groups) && start + plan.SizeNs <= watermark)
        {
            closed ??= [];
            foreach (var (key, values) in groups) closed.Add(new ClosedWindow(key, values, start, start + plan.SizeNs));
            Count -= groups.Count;
            _windows.Remove(start);
        }

        return closed ?? (IReadOnlyList<ClosedWindow>)[];
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(_windows.Count);
        foreach (var (start, groups) in _windows)
        {
            writer.Write(start);
            writer.Write7BitEncodedInt(groups.Count);
            foreach (var (key, values) in groups)
            {
                writer.Write7BitEncodedInt(key.Length);
                writer.Write(key);
                values.Write(writer);
            }
        }
    }

    public override void Read(BinaryReader reader)
    {
        for (var windows = reader.Read7BitEncodedInt(); windows > 0; windows--)
        {
            var start = reader.ReadInt64();
            for (var groups = reader.Read7BitEncodedInt(); groups > 0; groups--)
                Open(start, reader.ReadBytes(reader.Read7BitEncodedInt())).Read(reader);
        }
    }

    private static long Mod(long time, long step) => ((time % step) + step) % step;

    private GroupValues? Find(long start, ReadOnlySpan<byte> key) =>
        _windows.TryGetValue(start, out var groups) && groups.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var values) ? values : null;

    private GroupValues Open(long start, ReadOnlySpan<byte> key)
    {
        if (!_windows.TryGetValue(start, out var groups)) _windows.Add(start, groups = new Dictionary<byte[], GroupValues>(BytesComparer.Instance));
        var values = plan.NewValues();
        groups.Add(key.ToArray(), values);
        Count++;
        return values;
    }
}
