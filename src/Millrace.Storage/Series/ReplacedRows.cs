using System.Numerics;

namespace Millrace.Storage.Series;

/// <summary>The rows of a table that a higher version replaced: still stored, and left out by scans. Under the store's lock.</summary>
/// <remarks>
/// Files are never changed, so a replaced row is named here until its file goes. Few tables ever replace anything, and only those pay for it. An entry
/// belongs to the generation of the row that replaces: both become durable together.
/// </remarks>
internal sealed class ReplacedRows
{
    private ReplacedSet? _set;

    public bool Any => _set is { Count: > 0 };

    /// <summary>As it is now; what is added later does not change it.</summary>
    public ReplacedView View => new(_set);

    public void Add(in ReplacedRow row)
    {
        if (_set is null) _set = new ReplacedSet(16, []);
        else if (_set.IsFull) _set = new ReplacedSet(_set.Count * 2, _set.Rows.ToArray());
        _set.Add(row);
    }

    /// <summary>Forgets some; a view that is there already does not.</summary>
    public void Remove(Predicate<ReplacedRow> which)
    {
        if (_set is null) return;
        var left = Array.FindAll(_set.Rows.ToArray(), row => !which(row));
        if (left.Length == _set.Count) return;
        _set = left.Length == 0 ? null : new ReplacedSet((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, left.Length)), left);
    }
}
