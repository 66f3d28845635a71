using System.Text.Json;

namespace Millrace.Benchmarks.Series.Questions;

/// <summary>One series of an InfluxDB answer: tags, and rows that begin with the time in seconds.</summary>
internal sealed class InfluxSeries(JsonElement series)
{
    public IEnumerable<JsonElement> Rows => series.GetProperty("values").EnumerateArray();

    /// <summary>Null where the tag is missing.</summary>
    public string? Tag(string name) =>
        series.TryGetProperty("tags", out var tags) && tags.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;

    public double? NumberTag(string name) => Tag(name) is { } text ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    public static double? Number(JsonElement row, int column) => row[column].ValueKind == JsonValueKind.Null ? null : row[column].GetDouble();
}
