using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Remote;

/// <summary>Files that are only in the bucket, and that points of a batch may have to be compared with. Held until they are released.</summary>
internal sealed class AwayFiles
{
    private readonly List<ColdBlocks> _held = [];
    private readonly HashSet<ISeriesTable> _looked = [];
    private int _fetched;

    /// <summary>Under the store's lock.</summary>
    /// <returns>Whether there are some that have to be fetched.</returns>
    public bool Find(PointBatch points)
    {
        _looked.Clear();
        foreach (ref readonly var point in points.Points)
            if (_looked.Add(point.Table)) Find((SeriesTable)point.Table, points);

        return _held.Count > _fetched;
    }

    /// <summary>Not under the store's lock.</summary>
    /// <exception cref="Contracts.FaultException">Unavailable: the bucket does not give one of them.</exception>
    public void Fetch()
    {
        for (; _fetched < _held.Count; _fetched++) _ = _held[_fetched].Blocks;
    }

    public void Release()
    {
        foreach (var file in _held) file.Release();
        _held.Clear();
    }

    private void Find(SeriesTable table, PointBatch points)
    {
        foreach (var file in table.Cold.Files)
        {
            if (!file.File.Remote || _held.Contains(file) || !Has(points, table, file.File) || file.TryOpen() is not null) continue;
            file.Hold();
            _held.Add(file);
        }
    }

    private static bool Has(PointBatch points, SeriesTable table, ColdFile file)
    {
        foreach (ref readonly var point in points.Points)
            if (point.TimeNs >= file.FromNs && point.TimeNs <= file.ToNs && ReferenceEquals(point.Table, table)) return true;
        return false;
    }
}
