using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Millrace.Server.Cli.Output;

/// <summary>Rows under named columns, to be shown to a person or read by a program.</summary>
internal sealed class ResultTable(IReadOnlyList<string> columns)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<IReadOnlyList<JsonElement>> _rows = [];

    public void Add(IReadOnlyList<JsonElement> row) => _rows.Add(row);

    public void Add(IReadOnlyList<string> row) => _rows.Add([.. row.Select(static cell => JsonSerializer.SerializeToElement(cell))]);

    public void Write(OutputFormat format, CliContext context)
    {
        switch (format)
        {
            case OutputFormat.Csv: WriteCsv(context); break;
            case OutputFormat.Json: WriteJson(context.Out); break;
            default:
                if (context.IsTerminal) WriteBoxes(context);
                else WritePlain(context.Out);
                break;
        }
    }

    private static JsonElement Cell(IReadOnlyList<JsonElement> row, int column) => column < row.Count ? row[column] : default;

    private bool IsNumeric(int column) => _rows.Exists(row => Cell(row, column).ValueKind == JsonValueKind.Number)
        && _rows.TrueForAll(row => Cell(row, column).ValueKind is JsonValueKind.Number or JsonValueKind.Null or JsonValueKind.Undefined);

    private void WriteBoxes(CliContext context)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(context.Out),
            Ansi = context.Colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = context.Colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = context.Width;
        console.Profile.Capabilities.Unicode = true;
        var table = new Table { Border = TableBorder.Rounded };
        for (var i = 0; i < columns.Count; i++)
        {
            var header = new Text(SafeText.Clean(columns[i]), new Style(decoration: Decoration.Bold));
            table.AddColumn(new TableColumn(header) { Alignment = IsNumeric(i) ? Justify.Right : Justify.Left });
        }

        foreach (var row in _rows) table.AddRow(columns.Select((_, i) => new Text(SafeText.Clean(Cell(row, i).Text()))));
        console.Write(table);
    }

    /// <summary>Columns of equal width, nothing wrapped: for grep and awk.</summary>
    private void WritePlain(TextWriter output)
    {
        string[][] lines =
        [
            [.. columns.Select(SafeText.Clean)],
            .. _rows.Select(row => columns.Select((_, i) => SafeText.Clean(Cell(row, i).Text())).ToArray()),
        ];
        var widths = columns.Select((_, i) => lines.Max(line => line[i].Length)).ToArray();
        var numeric = columns.Select((_, i) => IsNumeric(i)).ToArray();
        foreach (var line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, i) => numeric[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
    }

    /// <summary>RFC 4180. An absent value is empty, an empty text is "".</summary>
    private void WriteCsv(CliContext context)
    {
        context.Out.Write(string.Join(',', columns.Select(column => Quoted(column, context))) + "\n");
        foreach (var row in _rows) context.Out.Write(string.Join(',', columns.Select((_, i) => CsvCell(Cell(row, i), context))) + "\n");
    }

    private static string CsvCell(JsonElement cell, CliContext context) =>
        cell is { ValueKind: JsonValueKind.String } && cell.GetString() is "" ? "\"\"" : Quoted(cell.Text(), context);

    // A file gets the text as it is; a terminal must not act on it.
    private static string Quoted(string text, CliContext context)
    {
        if (context.IsTerminal) text = SafeText.Clean(text);
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>A list of objects, one a line. A column's name that comes again gets a number.</summary>
    private void WriteJson(TextWriter output)
    {
        var names = columns.Select((name, i) => columns.Take(i).Count(name.Equals) is var before and > 0 ? $"{name}_{before + 1}" : name).ToArray();
        output.Write('[');
        for (var r = 0; r < _rows.Count; r++)
        {
            var line = new JsonObject();
            for (var i = 0; i < names.Length; i++)
                line[names[i]] = Cell(_rows[r], i) is { ValueKind: not JsonValueKind.Undefined } cell ? JsonNode.Parse(cell.GetRawText()) : null;
            output.Write((r == 0 ? "" : ",") + "\n" + line.ToJsonString(Json));
        }

        output.Write("\n]\n");
    }
}
