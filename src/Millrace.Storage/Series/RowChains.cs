namespace Millrace.Storage.Series;

/// <summary>For each series the last row of a generation: where its chain begins. One writer; any thread may read beside it.</summary>
internal sealed class RowChains
{
    private const int PageBits = 10;
    private const int PageSize = 1 << PageBits;

    private int[]?[] _pages = [];

    /// <summary>The row that was added last; -1 where there is none.</summary>
    public int LastOf(int series)
    {
        var pages = _pages;
        return series >> PageBits < pages.Length && pages[series >> PageBits] is { } page ? Volatile.Read(ref page[series & (PageSize - 1)]) : -1;
    }

    /// <summary>Where the last row of a series is written down; -1 before there is one. Write it as the last thing, and volatile.</summary>
    public ref int Last(int series)
    {
        var number = series >> PageBits;
        if (number >= _pages.Length)
        {
            var more = new int[]?[Math.Max(number + 1, _pages.Length * 2)];
            _pages.CopyTo(more, 0);
            Volatile.Write(ref _pages, more);
        }

        var page = _pages[number];
        if (page is null)
        {
            page = new int[PageSize];
            Array.Fill(page, -1);
            Volatile.Write(ref _pages[number], page);
        }

        return ref page[series & (PageSize - 1)];
    }
}
