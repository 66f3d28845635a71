using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>Reads the files that <see cref="ParquetWriter"/> writes, and no others, to put small ones together.</summary>
internal sealed class ParquetReader
{
    private const int TailBytes = 8;

    // One that was full to its last row but one, and got all of another.
    private const int MostRows = 2 * ParquetWriter.MostRows;

    private readonly byte[] _bytes;
    private readonly List<object> _groups;

    /// <param name="bytes">The whole file.</param>
    /// <exception cref="InvalidDataException">It is none of ours, or damaged.</exception>
    public ParquetReader(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < TailBytes + 4 || !bytes.AsSpan(0, 4).SequenceEqual("PAR1"u8) || !bytes.AsSpan(^4).SequenceEqual("PAR1"u8)) throw new InvalidDataException("it is no Parquet file");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(^TailBytes));
        if (length < 0 || length > bytes.Length - TailBytes) throw new InvalidDataException("its footer is longer than the file");
        var footer = ThriftReader.Read(bytes.AsSpan(bytes.Length - TailBytes - length, length), out _);
        Columns = [.. List(footer, 2).Skip(1).Select(static column => (Encoding.UTF8.GetString(Field<byte[]>(column, 4)), TypeOf(Field<long>(column, 1))))];
        _groups = List(footer, 4);
        if (Columns.Select(static column => column.Name).Distinct(StringComparer.Ordinal).Count() < Columns.Count) throw new InvalidDataException("two of its columns have the same name");
    }

    public IReadOnlyList<(string Name, MeasureType Type)> Columns { get; }

    public int Groups => _groups.Count;

    public int RowsOf(int group) =>
        Field<long>(_groups[group], 3) is >= 0 and <= MostRows and var rows ? (int)rows : throw new InvalidDataException("a row group has more rows than any of ours");

    /// <summary>Uncompressed.</summary>
    public long BytesOf(int group) => Field<long>(_groups[group], 2);

    /// <summary>Hands out the values of a column.</summary>
    /// <param name="group">Of rows.</param>
    /// <param name="column">By its place.</param>
    /// <param name="into">Gets them behind its first rows.</param>
    /// <param name="row">Of the first.</param>
    public void CopyTo(int group, int column, ColumnValues into, int row)
    {
        var chunk = Field<Dictionary<int, object>>(List(_groups[group], 1)[column], 3);
        byte[][]? dictionary = null;
        if (chunk.ContainsKey(11))
        {
            var entries = Page(Field<long>(chunk, 11), out var head);
            dictionary = Texts(entries, checked((int)Field<long>(Field<Dictionary<int, object>>(head, 7), 1)));
        }

        var page = Page(Field<long>(chunk, 9), out _).AsSpan();
        var levels = BinaryPrimitives.ReadInt32LittleEndian(page);
        if (levels < 0 || levels > page.Length - sizeof(int)) throw new InvalidDataException("a page is too short");
        var rows = Present(page.Slice(sizeof(int), levels), RowsOf(group));
        Put(rows, page[(sizeof(int) + levels)..], Columns[column].Type, dictionary, into, row);
    }

    private static void Put(List<int> rows, ReadOnlySpan<byte> values, MeasureType type, byte[][]? dictionary, ColumnValues into, int row)
    {
        var at = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            switch (type)
            {
                case MeasureType.Boolean:
                    into.Set(row + rows[i], (values[i >> 3] >> (i & 7) & 1) != 0);
                    break;
                case MeasureType.Bigint:
                    into.Set(row + rows[i], BinaryPrimitives.ReadInt64LittleEndian(values[(i * sizeof(long))..]));
                    break;
                case MeasureType.Double:
                    into.Set(row + rows[i], BinaryPrimitives.ReadDoubleLittleEndian(values[(i * sizeof(double))..]));
                    break;
                case var _ when dictionary is not null:
                    into.Set(row + rows[i], dictionary[Index(values, i)]);
                    break;
                default:
                    into.Set(row + rows[i], Text(values, ref at));
                    break;
            }
        }
    }

    // A byte with the bits, the length of the one run, and packed numbers.
    private static int Index(ReadOnlySpan<byte> packed, int i)
    {
        var bits = packed[0];
        var start = 1;
        while (packed[start++] > 0x7F)
        {
        }

        var value = 0;
        for (var bit = 0; bit < bits; bit++)
        {
            var at = ((long)i * bits) + bit;
            value |= (packed[start + (int)(at >> 3)] >> (int)(at & 7) & 1) << bit;
        }

        return value;
    }

    private static byte[][] Texts(ReadOnlySpan<byte> bytes, int count)
    {
        var texts = new List<byte[]>();
        for (var at = 0; texts.Count < count;) texts.Add(Text(bytes, ref at).ToArray());
        return [.. texts];
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        at += sizeof(int) + length;
        return bytes.Slice(at - length, length);
    }

    private static List<int> Present(ReadOnlySpan<byte> levels, int rows)
    {
        var present = new List<int>();
        var row = 0;
        for (var at = 0; at < levels.Length;)
        {
            var count = 0;
            for (var shift = 0; ; shift += 7)
            {
                count |= (levels[at] & 0x7F) << shift;
                if (levels[at++] <= 0x7F) break;
            }

            if ((count & 1) != 0 || (count >> 1) > rows - row) throw new InvalidDataException("the rows of a page are none of ours");
            var end = row + (count >> 1);
            if (levels[at++] == 0) row = end;
            while (row < end) present.Add(row++);
        }

        return row == rows ? present : throw new InvalidDataException("a page has too few rows");
    }

    private static MeasureType TypeOf(long type) => type switch
    {
        ParquetFooter.BooleanType => MeasureType.Boolean,
        ParquetFooter.Int64Type => MeasureType.Bigint,
        ParquetFooter.DoubleType => MeasureType.Double,
        ParquetFooter.BytesType => MeasureType.Varchar,
        _ => throw new InvalidDataException($"a column has the type {type}, which is none of ours"),
    };

    private static List<object> List(object from, int field) => Field<List<object>>(from, field);

    private static T Field<T>(object from, int field) =>
        from is Dictionary<int, object> fields && fields.TryGetValue(field, out var value) && value is T typed ? typed : throw new InvalidDataException($"field {field} is missing");

    private byte[] Page(long at, out Dictionary<int, object> head)
    {
        if (at < 0 || at > _bytes.Length) throw new InvalidDataException("a page is behind the end");
        head = ThriftReader.Read(_bytes.AsSpan((int)at), out var used);
        var (whole, compressed) = (checked((int)Field<long>(head, 2)), checked((int)Field<long>(head, 3)));
        if (compressed < 0 || compressed > _bytes.Length - at - used || whole < 0) throw new InvalidDataException("a page goes beyond the end");
        using var gzip = new GZipStream(new MemoryStream(_bytes, (int)at + used, compressed), CompressionMode.Decompress);
        using var page = new MemoryStream();
        gzip.CopyTo(page);
        return page.Length == whole ? page.ToArray() : throw new InvalidDataException("a page is not as long as it says");
    }
}
