using System.Text;
using System.Text.Json;

namespace Millrace.Server.Reference;

/// <summary>Reads a file into objects by key.</summary>
internal static class ReferenceRows
{
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int MaxRows = 1_000_000;
    private const int MaxNesting = 32;

    /// <param name="file">Its ending says how it is read.</param>
    /// <param name="bytes">What it holds.</param>
    /// <param name="key">The column, or member, of keys.</param>
    /// <exception cref="FormatException">It is not what its ending says, a key is missing or twice there.</exception>
    public static Dictionary<string, byte[]> Read(string file, byte[] bytes, string key)
    {
        var rows = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            if (file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)) ReadCsv(bytes, key, rows);
            else if (file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) ReadArray(bytes, key, rows);
            else ReadLines(bytes, key, rows);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"it is not JSON: {broken.Message}", broken);
        }

        return rows;
    }

    private static void ReadCsv(byte[] bytes, string key, Dictionary<string, byte[]> rows)
    {
        var csv = new CsvReader(Text(bytes));
        if (!csv.TryRow(out var heading)) throw new FormatException("it is empty: the first line names the columns");
        var at = heading.IndexOf(key);
        if (at < 0) throw new FormatException($"it has no column {key}; its columns are {string.Join(", ", heading)}");
        if (heading.Distinct(StringComparer.Ordinal).Count() < heading.Count) throw new FormatException("two columns have the same name");
        while (csv.TryRow(out var cells))
        {
            if (cells.Count != heading.Count) throw new FormatException($"line {csv.Line} has {cells.Count} cells, and the first line {heading.Count}");
            using var json = new MemoryStream();
            using (var writer = new Utf8JsonWriter(json))
            {
                writer.WriteStartObject();
                for (var i = 0; i < cells.Count; i++) CsvReader.Write(writer, heading[i], cells[i]);
                writer.WriteEndObject();
            }

            Add(rows, cells[at], json.ToArray(), $"line {csv.Line}");
        }
    }

    private static void ReadArray(byte[] bytes, string key, Dictionary<string, byte[]> rows)
    {
        using var document = JsonDocument.Parse(WithoutMark(bytes), new JsonDocumentOptions { MaxDepth = MaxNesting });
        if (document.RootElement.ValueKind != JsonValueKind.Array) throw new FormatException("it is no JSON array of objects");
        var number = 0;
        foreach (var element in document.RootElement.EnumerateArray()) Add(rows, element, key, $"element {number++}");
    }

    private static void ReadLines(byte[] bytes, string key, Dictionary<string, byte[]> rows)
    {
        var number = 0;
        var rest = WithoutMark(bytes);
        while (!rest.IsEmpty)
        {
            number++;
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaxNesting });
            Add(rows, document.RootElement, key, $"line {number}");
        }
    }

    private static void Add(Dictionary<string, byte[]> rows, JsonElement row, string key, string where)
    {
        if (row.ValueKind != JsonValueKind.Object) throw new FormatException($"{where} is no object");
        if (!row.TryGetProperty(key, out var value)) throw new FormatException($"{where} has no {key}");
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => throw new FormatException($"{where}: {key} is neither a text nor a number"),
        };
        Add(rows, text, Encoding.UTF8.GetBytes(row.GetRawText()), where);
    }

    private static void Add(Dictionary<string, byte[]> rows, string key, byte[] row, string where)
    {
        if (rows.Count == MaxRows) throw new FormatException($"it has more than {MaxRows} rows");
        if (!rows.TryAdd(key, row)) throw new FormatException($"{where}: the key '{key}' is there already");
    }

    private static string Text(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(WithoutMark(bytes).Span);
        }
        catch (DecoderFallbackException broken)
        {
            throw new FormatException("it is not UTF-8", broken);
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] bytes) => bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
}
