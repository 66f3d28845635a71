using System.Collections.Concurrent;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>What a look-up works in. Kept for the next one: to clear so much memory takes longer than most look-ups.</summary>
internal sealed class LookupBuffers
{
    private const int MostKept = 8;
    private const int MostPages = 4;

    private static readonly ConcurrentBag<LookupBuffers> Kept = [];

    private readonly List<RowColumns> _pages = [];
    private int _used;

    public ScanBuffers Scan { get; } = new() { Recent = new RecentBlocks() };

    public static LookupBuffers Rent() => Kept.TryTake(out var buffers) ? buffers : new LookupBuffers();

    /// <summary>Nobody looks at what is in them any more. Those that grew large are not kept.</summary>
    public static void Return(LookupBuffers buffers)
    {
        if (Kept.Count >= MostKept || buffers.HasTexts) return;
        if (buffers._pages.Count > MostPages) buffers._pages.RemoveRange(MostPages, buffers._pages.Count - MostPages);
        buffers._used = 0;
        Kept.Add(buffers);
    }

    /// <summary>Room for rows, not prepared.</summary>
    public RowColumns NextPage()
    {
        if (_used == _pages.Count) _pages.Add(new RowColumns());
        return _pages[_used++];
    }

    // Texts may be long, and keep what they are of.
    private bool HasTexts => _pages.Exists(IsWithTexts) || IsWithTexts(Scan.Rows);

    private static bool IsWithTexts(RowColumns rows) => Array.Exists(rows.Columns, static column => column?.Type == MeasureType.Varchar);
}
