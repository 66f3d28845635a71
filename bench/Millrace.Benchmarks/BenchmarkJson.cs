using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Reports;

namespace Millrace.Benchmarks;

/// <summary>All JSON that goes out: one line for messages between processes, indented for reports.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadLine))]
[JsonSerializable(typeof(PipelineReport))]
internal sealed partial class BenchmarkJson : JsonSerializerContext
{
    public static BenchmarkJson Line => Default;

    public static BenchmarkJson Indented { get; } = new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { WriteIndented = true });
}
