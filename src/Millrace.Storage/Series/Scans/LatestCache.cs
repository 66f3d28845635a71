using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>The newest row that a set of files has of each series, kept once somebody asked for it. Files never change, so neither does what is kept. Any thread.</summary>
internal sealed class LatestCache
{
    /// <summary>Columns of 2,048 series each: about 32 MiB. What goes beyond is looked up in the files each time.</summary>
    private const int MaxColumns = 2048;

    /// <summary>Series, time and version, beside the columns asked for.</summary>
    private const int ColumnsOfPage = 3;
    private const int MaxTextBytes = 1 << 20;

    private readonly Lock _lock = new();
    private Page?[] _pages = [];
    private int _columns;

    /// <summary>Reads newest rows, as many as wanted, until it is disposed: those of series with codes near to each other are quicker. For one thread.</summary>
    /// <param name="snapshot">With this set of files.</param>
    /// <param name="slots">Columns wanted.</param>
    public Reader Read(TableSnapshot snapshot, int[] slots) => new(this, snapshot, slots);

    private Page? PageOf(int series)
    {
        var number = series / RowColumns.Capacity;
        lock (_lock)
        {
            if (number < _pages.Length && _pages[number] is { } known) return known;
            if (_columns + ColumnsOfPage > MaxColumns) return null;
            if (number >= _pages.Length) Array.Resize(ref _pages, Math.Max(number + 1, _pages.Length * 2));
            _columns += ColumnsOfPage;
            return _pages[number] = new Page();
        }
    }

    /// <summary>Sees to it that a page has columns. Those that it gets are filled as its rows are asked for again.</summary>
    private bool Has(Page page, ReadOnlySpan<int> slots, IReadOnlyList<StoredColumn> stored)
    {
        if (!slots.ContainsAnyExcept(page.Slots)) return true;
        int[] all = [.. page.Slots.Union(slots.ToArray())];
        var more = all.Length - page.Slots.Length;
        lock (_lock)
        {
            if (_columns + more > MaxColumns) return false;
            _columns += more;
        }

        page.Slots = all;
        page.TextBytes = 0;
        page.State.AsSpan().Clear();
        RowCopy.Prepare(page.Rows, all, stored);
        return true;
    }

    private static void Find(Page page, int at, TableSnapshot snapshot, int series, RowColumns scratch)
    {
        page.State[at] = PlaceState.Nothing;
        if (LatestRow.FindInFiles(snapshot, series, page.Slots, (long.MinValue, long.MinValue), scratch) is not { } found) return;
        page.Rows.Series[at] = series;
        page.Rows.TimeNs[at] = found.TimeNs;
        page.Versions[at] = found.Version;
        foreach (var slot in page.Slots)
        {
            if (slot >= scratch.Columns.Length || scratch.Columns[slot] is not { } column || !column.IsValid(0)) continue;
            if (column.Type == MeasureType.Varchar) page.TextBytes += column.Text(0).Length;
            RowCopy.Copy(column, 0, page.Rows.Columns[slot]!, at);
        }

        page.State[at] = PlaceState.Row;
    }

    /// <summary>Holds a page while it reads there: others that want rows of it wait.</summary>
    internal ref struct Reader(LatestCache cache, TableSnapshot snapshot, int[] slots)
    {
        private Page? _page;
        private int _number = -1;
        private bool _has;

        /// <summary>Adds the newest row of a series behind the rows that are there, where it is newer than another.</summary>
        /// <param name="series">Its code.</param>
        /// <param name="than">Time and version: a row must have a later time, or the same and a higher version.</param>
        /// <param name="scratch">For reading files.</param>
        /// <param name="into">Prepared for the columns, with room for a row.</param>
        /// <param name="added">Whether there was one.</param>
        /// <returns>False where there is no room to keep it: then nothing was done.</returns>
        public bool TryAdd(int series, (long TimeNs, long Version) than, RowColumns scratch, RowColumns into, out bool added)
        {
            added = false;
            if (series / RowColumns.Capacity != _number) Turn(series);
            if (!_has || _page!.TextBytes > MaxTextBytes) return false;
            var at = series % RowColumns.Capacity;
            var isNew = _page.State[at] == PlaceState.Unknown;
            if (isNew) Find(_page, at, snapshot, series, scratch);
            added = _page.State[at] == PlaceState.Row && IsNewer(_page, at, than);
            if (added) RowCopy.Add(into, slots, _page.Rows, at);

            // Reading files takes its time: others come in between.
            if (isNew) Dispose();
            return true;
        }

        private static bool IsNewer(Page page, int at, (long TimeNs, long Version) than) =>
            page.Rows.TimeNs[at] > than.TimeNs || (page.Rows.TimeNs[at] == than.TimeNs && page.Versions[at] > than.Version);

        public void Dispose()
        {
            if (_page is not null) Monitor.Exit(_page);
            (_page, _number, _has) = (null, -1, false);
        }

        private void Turn(int series)
        {
            Dispose();
            _number = series / RowColumns.Capacity;
            if (cache.PageOf(series) is not { } page) return;
            Monitor.Enter(page);
            _page = page;
            _has = cache.Has(page, slots, snapshot.Stored);
        }
    }

    private enum PlaceState : byte
    {
        Unknown,
        Nothing,
        Row,
    }

    /// <summary>Of 2,048 series, those of which somebody asked.</summary>
    private sealed class Page
    {
        public RowColumns Rows { get; } = new();

        public long[] Versions { get; } = new long[RowColumns.Capacity];

        public PlaceState[] State { get; } = new PlaceState[RowColumns.Capacity];

        public int[] Slots { get; set; } = [];

        public long TextBytes { get; set; }
    }
}
