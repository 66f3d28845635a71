namespace Millrace.Storage.Series.Blocks;

/// <summary>What is known of columns without reading their values. Of each column one group is kept, for who goes through the blocks in their order. For one thread.</summary>
internal sealed class StatisticsReader
{
    private Group[] _groups = [];

    /// <param name="file">Any file.</param>
    /// <param name="block">Of this file.</param>
    /// <param name="slot">Of a stored column.</param>
    /// <param name="statistics">A count of 0 where it is null in each row.</param>
    /// <returns>False where nothing is known.</returns>
    /// <exception cref="Contracts.FaultException">Corrupt, with file and byte.</exception>
    public bool TryRead(BlockFile file, int block, int slot, out ColumnStatistics statistics)
    {
        statistics = default;
        if (!file.HasValues(block, slot)) return true;
        var group = file.Blocks[block].Group;
        if (file.StatisticsAt(group, slot).Bytes == 0) return false;
        if (slot >= _groups.Length) Array.Resize(ref _groups, slot + 1);
        ref var known = ref _groups[slot];
        var (first, end) = file.BlocksOfGroup(group);
        if (known.Blocks is null || (known.File, known.Number) != (file.Number, group))
        {
            known.Blocks ??= new ColumnStatistics[BlockLimits.BlocksPerGroup];
            known.File = 0;
            file.ReadStatistics(group, slot, known.Blocks.AsSpan(0, end - first));
            (known.File, known.Number) = (file.Number, group);
        }

        statistics = known.Blocks[block - first];
        return statistics.Count > 0;
    }

    private struct Group
    {
        /// <summary>Its number, 1 at least.</summary>
        public long File;
        public int Number;
        public ColumnStatistics[]? Blocks;
    }
}
