using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>Writes JSON objects as a Parquet file. The same rows always make the same bytes.</summary>
/// <remarks>
/// Source: parquet.thrift and the encodings of apache/parquet-format, version 1 of its pages: these every reader knows. Columns are optional and flat, compressed with gzip; texts that come again are in a dictionary.
/// Times, versions and random numbers are not in the file.
/// </remarks>
internal sealed class ParquetWriter
{
    /// <summary>After so many a row group takes no further row.</summary>
    public const int MostRows = 1 << 20;

    private const string Writer = "millrace version 1 (build 1)";
    private const int RowGroupBytes = 16 << 20;

    private readonly Stream _into;
    private readonly IReadOnlyList<(string Name, MeasureType Type)> _columns;
    private readonly CompressionLevel _compression;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly List<ParquetGroup> _groups = [];
    private ColumnValues[] _values = [];
    private int _rows;
    private long _bytes;

    /// <param name="into">Empty; its length tells where pages are.</param>
    /// <param name="columns">At least one, with different names.</param>
    /// <param name="compression">Of each page.</param>
    public ParquetWriter(Stream into, IReadOnlyList<(string Name, MeasureType Type)> columns, CompressionLevel compression)
    {
        (_into, _columns, _compression) = (into, columns, compression);
        _byName = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < columns.Count; i++) _places.Add(columns[i].Name, i);
        _into.Write("PAR1"u8);
        BeginGroup();
    }

    /// <param name="json">An object that the schema of the columns was learned from.</param>
    public void Add(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Span<char> name = stackalloc char[256];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = _byName.TryGetValue(name[..reader.CopyString(name)], out var place);
            reader.Read();
            if (known) _values[place].Set(_rows, ref reader, json);
            reader.Skip();
        }

        _rows++;
        _bytes += json.Length;
        if (_bytes >= RowGroupBytes || _rows >= MostRows) EndGroup();
    }

    /// <summary>All rows of another file, whose columns are among those here.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void Append(ParquetReader file)
    {
        for (var group = 0; group < file.Groups; group++)
        {
            for (var column = 0; column < file.Columns.Count; column++) file.CopyTo(group, column, _values[_places[file.Columns[column].Name]], _rows);
            _rows += file.RowsOf(group);
            _bytes += file.BytesOf(group);
            if (_bytes >= RowGroupBytes || _rows >= MostRows) EndGroup();
        }
    }

    public void Finish()
    {
        if (_rows > 0) EndGroup();
        var footer = ParquetFooter.Of(_columns, _groups, Writer);
        _into.Write(footer);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        _into.Write(length);
        _into.Write("PAR1"u8);
    }

    private void BeginGroup()
    {
        _values = [.. _columns.Select(static column => new ColumnValues(column.Type))];
        (_rows, _bytes) = (0, 0);
    }

    private void EndGroup()
    {
        var chunks = new List<ParquetChunk>(_columns.Count);
        foreach (var values in _values)
        {
            values.End(_rows);
            chunks.Add(Put(values));
        }

        _groups.Add(new ParquetGroup(_rows, chunks));
        BeginGroup();
    }

    private ParquetChunk Put(ColumnValues values)
    {
        var at = _into.Length;
        var uncompressed = 0L;
        var dictionary = values.ByDictionary;
        if (dictionary is not null) uncompressed += PutPage(dictionary.Dictionary, size => ParquetFooter.DictionaryPage(size, dictionary.Entries));
        var data = _into.Length;
        var page = new ArrayBufferWriter<byte>();
        values.PutPage(page);
        uncompressed += PutPage(page.WrittenSpan, size => ParquetFooter.DataPage(size, _rows, dictionary is not null));
        return new ParquetChunk(at, data, dictionary is not null, uncompressed, _into.Length - at, values.Nulls, values.Range());
    }

    // Returns the bytes of the page before compression, with its header.
    private long PutPage(ReadOnlySpan<byte> page, Func<(int Whole, int Compressed), byte[]> header)
    {
        using var compressed = new ChunkStream();
        using (var gzip = new GZipStream(compressed, _compression, leaveOpen: true)) gzip.Write(page);
        var head = header((page.Length, checked((int)compressed.Length)));
        _into.Write(head);
        compressed.CopyTo(_into);
        return head.Length + page.Length;
    }
}
