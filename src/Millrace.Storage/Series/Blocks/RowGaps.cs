namespace Millrace.Storage.Series.Blocks;

/// <summary>A few rows out of many, rising: how many are between one and the next, a byte each; 255 stands for 255 between and more to come.</summary>
internal static class RowGaps
{
    private const int More = 255;

    /// <param name="row">The next one.</param>
    /// <param name="behind">The one before it; -1 at the beginning. Becomes the next one.</param>
    /// <param name="into">Gets the gap.</param>
    public static void Write(int row, ref int behind, ByteSink into)
    {
        var gap = row - behind - 1;
        behind = row;
        for (; gap >= More; gap -= More) into.Byte(More);
        into.Byte(gap);
    }

    /// <param name="from">Where the gaps are.</param>
    /// <param name="behind">The row before; -1 at the beginning.</param>
    /// <param name="rows">How many rows there are: the answer is less.</param>
    public static int Read(ref ByteParser from, int behind, int rows)
    {
        for (var row = behind + 1; row < rows;)
        {
            var gap = from.Byte();
            row += gap;
            if (gap < More && row < rows) return row;
        }

        ByteParser.Broken("a row behind the last one");
        return 0;
    }
}
