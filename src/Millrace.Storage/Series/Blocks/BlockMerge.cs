using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Makes one block file of many, or one for each part of time. Of rows of one series and one time the one with the highest version stays.</summary>
/// <remarks>
/// Holds a block of each file in memory (16 KiB a column, and texts), and what a <see cref="BlockFileWriter"/> holds for each part. Many files with many
/// columns are better merged some at a time.
/// </remarks>
internal sealed class BlockMerge
{
    private readonly List<BlockCursor> _cursors = [];
    private readonly BlockParts _parts;
    private readonly BlockRows _held;
    private readonly Func<int, long, long, bool> _keep;
    private readonly bool[] _taken = new bool[BlockLimits.Rows];
    private long _heldVersion;
    private int _heldNumber;

    private BlockMerge(IReadOnlyList<StoredColumn> columns, BlockParts parts, Func<int, long, long, bool> keep)
    {
        _parts = parts;
        _keep = keep;
        _held = new BlockRows(columns);
    }

    /// <param name="disk">Where to.</param>
    /// <param name="columns">All stored columns of the table. A file that has only the first of them is null in the others.</param>
    /// <param name="files">Of two rows that are the same even in their version, the one of the earlier file stays. They stay the caller's.</param>
    /// <param name="cutsNs">Where one part ends and the next begins, rising; a row at a cut belongs to the later part.</param>
    /// <param name="pathOf">Where each part goes: one more than there are cuts. A part without rows is not written.</param>
    /// <param name="keep">Of series, time and version: false for rows that go.</param>
    /// <param name="stop">Looked at ahead of each block; nothing is left behind then.</param>
    /// <returns>The files written: safe once their directories are synced.</returns>
    /// <exception cref="FaultException">Corrupt: one of the files, with the byte.</exception>
    public static IReadOnlyList<BlockPart> Run(
        IDisk disk, IReadOnlyList<StoredColumn> columns, IReadOnlyList<BlockFile> files, IReadOnlyList<long> cutsNs, Func<int, string> pathOf,
        Func<int, long, long, bool> keep, CancellationToken stop)
    {
        using var parts = new BlockParts(disk, columns, cutsNs, pathOf);
        var merge = new BlockMerge(columns, parts, keep);
        var versionSlot = columns.Select(static column => column.Name).ToList().IndexOf(StoredColumn.Version);
        for (var number = 0; number < files.Count; number++) merge._cursors.Add(new BlockCursor(files[number], number, versionSlot, stop));
        merge.Run();
        return parts.Finish();
    }

    private void Run()
    {
        while (true)
        {
            BlockCursor? first = null;
            var next = (int.MaxValue, long.MaxValue);
            foreach (var cursor in _cursors)
            {
                if (cursor.AtEnd) continue;
                if (first is null || cursor.Key.CompareTo(first.Key) < 0)
                {
                    if (first is not null) next = first.Key;
                    first = cursor;
                }
                else if (cursor.Key.CompareTo(next) < 0) next = cursor.Key;
            }

            if (first is null) break;
            var end = first.RowsBefore(next);
            Take(first, end);
            first.MoveTo(end);
        }

        LetGo();
    }

    /// <summary>Passes on rows of one file that no other file comes between. The last one is held back: one of the same time may follow.</summary>
    private void Take(BlockCursor cursor, int end)
    {
        var last = -1;
        for (var row = cursor.Row; row < end; row++)
        {
            var (series, time) = cursor.KeyOf(row);
            var version = cursor.VersionOf(row);
            _taken[row] = _keep(series, time, version);
            if (!_taken[row]) continue;
            if (last >= 0 ? cursor.KeyOf(last) == (series, time) : IsHeld((series, time)))
            {
                _taken[row] = last >= 0 ? version > cursor.VersionOf(last) : version > _heldVersion || (version == _heldVersion && cursor.Number < _heldNumber);
                if (!_taken[row]) continue;
                if (last >= 0) _taken[last] = false;
                else _held.Clear();
            }

            last = row;
        }

        if (last < 0) return;
        LetGo();
        for (int row = cursor.Row, next; row < last; row = next + 1)
        {
            next = row;
            while (next < last && _taken[next]) next++;
            if (next > row) _parts.Append(cursor.Rows, row, next - row);
        }

        _held.Take(cursor.Rows, last, 1);
        _heldVersion = cursor.VersionOf(last);
        _heldNumber = cursor.Number;
    }

    private bool IsHeld((int Series, long TimeNs) key) => _held.Count > 0 && (_held.Rows.Series[0], _held.Rows.TimeNs[0]) == key;

    private void LetGo()
    {
        if (_held.Count == 0) return;
        _parts.Append(_held.Rows, 0, 1);
        _held.Clear();
    }
}
