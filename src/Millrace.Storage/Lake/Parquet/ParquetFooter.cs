using Millrace.Contracts.Tables;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>The metadata of a Parquet file: what stands before each page, and at the end of the file. Numbers of fields are those of parquet.thrift.</summary>
internal static class ParquetFooter
{
    public const int BooleanType = 0;
    public const int Int64Type = 2;
    public const int DoubleType = 5;
    public const int BytesType = 6;
    private const int Optional = 1;
    private const int Utf8 = 0;
    private const int Gzip = 2;
    private const int Plain = 0;
    private const int Runs = 3;
    private const int ByDictionary = 8;

    public static byte[] DataPage((int Whole, int Compressed) size, int rows, bool hasDictionary)
    {
        var page = PageHeader(0, size);
        page.Begin(5);
        page.Int32(1, rows);
        page.Int32(2, hasDictionary ? ByDictionary : Plain);
        page.Int32(3, Runs);
        page.Int32(4, Runs);
        page.End();
        page.End();
        return page.Written.ToArray();
    }

    public static byte[] DictionaryPage((int Whole, int Compressed) size, int entries)
    {
        var page = PageHeader(2, size);
        page.Begin(7);
        page.Int32(1, entries);
        page.Int32(2, Plain);
        page.End();
        page.End();
        return page.Written.ToArray();
    }

    public static byte[] Of(IReadOnlyList<(string Name, MeasureType Type)> columns, IReadOnlyList<ParquetGroup> groups, string writer)
    {
        var file = new ThriftWriter();
        file.Begin();
        file.Int32(1, 1);
        file.Structs(2, columns.Count + 1);
        file.Begin();
        file.Text(4, "schema");
        file.Int32(5, columns.Count);
        file.End();
        foreach (var (name, type) in columns) PutColumn(file, name, type);
        file.Int64(3, groups.Sum(static group => (long)group.Rows));
        file.Structs(4, groups.Count);
        foreach (var group in groups) PutGroup(file, columns, group);
        file.Text(6, writer);

        // Least and greatest values are in the order of the type.
        file.Structs(7, columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            file.Begin();
            file.Begin(1);
            file.End();
            file.End();
        }

        file.End();
        return file.Written.ToArray();
    }

    private static ThriftWriter PageHeader(int type, (int Whole, int Compressed) size)
    {
        var page = new ThriftWriter();
        page.Begin();
        page.Int32(1, type);
        page.Int32(2, size.Whole);
        page.Int32(3, size.Compressed);
        return page;
    }

    private static void PutColumn(ThriftWriter file, string name, MeasureType type)
    {
        file.Begin();
        file.Int32(1, TypeOf(type));
        file.Int32(3, Optional);
        file.Text(4, name);
        if (type == MeasureType.Varchar)
        {
            // The one for readers before version 2.4 of the format, the other for those after.
            file.Int32(6, Utf8);
            file.Begin(10);
            file.Begin(1);
            file.End();
            file.End();
        }

        file.End();
    }

    private static void PutGroup(ThriftWriter file, IReadOnlyList<(string Name, MeasureType Type)> columns, ParquetGroup group)
    {
        file.Begin();
        file.Structs(1, columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            file.Begin();
            file.Int64(2, 0);
            file.Begin(3);
            PutChunk(file, columns[i].Name, columns[i].Type, group.Rows, group.Chunks[i]);
            file.End();
            file.End();
        }

        file.Int64(2, group.Chunks.Sum(static chunk => chunk.Uncompressed));
        file.Int64(3, group.Rows);
        file.Int64(5, group.Chunks[0].At);
        file.Int64(6, group.Chunks.Sum(static chunk => chunk.Compressed));
        file.End();
    }

    private static void PutChunk(ThriftWriter file, string name, MeasureType type, int rows, ParquetChunk chunk)
    {
        file.Int32(1, TypeOf(type));
        file.Numbers(2, chunk.HasDictionary ? 3 : 2);
        file.Item(Plain);
        file.Item(Runs);
        if (chunk.HasDictionary) file.Item(ByDictionary);
        file.OneText(3, name);
        file.Int32(4, Gzip);
        file.Int64(5, rows);
        file.Int64(6, chunk.Uncompressed);
        file.Int64(7, chunk.Compressed);
        file.Int64(9, chunk.Data);
        if (chunk.HasDictionary) file.Int64(11, chunk.At);
        file.Begin(12);
        file.Int64(3, chunk.Nulls);
        if (chunk.Range is var (least, most))
        {
            file.Bytes(5, most);
            file.Bytes(6, least);
        }

        file.End();
    }

    private static int TypeOf(MeasureType type) => type switch
    {
        MeasureType.Boolean => BooleanType,
        MeasureType.Bigint => Int64Type,
        MeasureType.Double => DoubleType,
        _ => BytesType,
    };
}
