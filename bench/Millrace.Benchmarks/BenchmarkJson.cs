using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Runs;

namespace Millrace.Benchmarks;

/// <summary>All JSON that goes out: one line for messages between processes, indented for reports.</summary>
[JsonSerializable(typeof(LoadLine))]
[JsonSerializable(typeof(PipelineReport))]
[JsonSerializable(typeof(GatewayReport))]
[JsonSerializable(typeof(RulesReport))]
[JsonSerializable(typeof(SeriesReport))]
[JsonSerializable(typeof(LoadResult))]
internal sealed partial class BenchmarkJson : JsonSerializerContext
{
    public static BenchmarkJson Line { get; } = new(Written(indented: false));

    public static BenchmarkJson Indented { get; } = new(Written(indented: true));

    private static JsonSerializerOptions Written(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = indented,
    };
}
