using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Benchmarks.Series.Questions;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>Answers that two engines agreed on, kept so that a later run with one engine alone is checked too.</summary>
internal sealed class AnswerFiles(string directory)
{
    public Answer? Read(Question question, int number)
    {
        var file = FileOf(question, number);
        if (!File.Exists(file)) return null;
        var rows = JsonElement.Parse(File.ReadAllBytes(file)).EnumerateArray()
            .Select(row => question.Columns.Select((kind, i) => Value(row[i], kind)).ToArray());
        return new Answer(rows, question.Columns);
    }

    public void Write(Question question, int number, Answer answer)
    {
        Directory.CreateDirectory(directory);
        var rows = new JsonArray([.. answer.Rows.Select(static row => new JsonArray([.. row.Select(Node)]))]);
        File.WriteAllText(FileOf(question, number), rows.ToJsonString());
    }

    private static object? Value(JsonElement value, ColumnKind kind) => kind switch
    {
        _ when value.ValueKind == JsonValueKind.Null => null,
        ColumnKind.Text => value.GetString(),
        ColumnKind.Time => value.GetInt64(),
        _ => value.GetDouble(),
    };

    private static JsonNode? Node(object? value) => value switch
    {
        string text => JsonValue.Create(text),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        _ => null,
    };

    private string FileOf(Question question, int number) => Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{question.Name}-{number}.json"));
}
