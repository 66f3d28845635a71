using System.Text.Json.Serialization;

namespace Millrace.Server.Api;

/// <summary>Everything the HTTP interface answers with, as JSON: camelCase, times in ISO 8601 UTC.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(LedgerAnswer))]
[JsonSerializable(typeof(DeadLettersAnswer))]
[JsonSerializable(typeof(TablesAnswer))]
[JsonSerializable(typeof(SeriesAnswer))]
[JsonSerializable(typeof(QueryRequest))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ApplyAnswer))]
[JsonSerializable(typeof(ProblemsAnswer))]
[JsonSerializable(typeof(StatsFrame))]
[JsonSerializable(typeof(PointsFrame))]
[JsonSerializable(typeof(LiveErrorFrame))]
[JsonSerializable(typeof(LiveRequest))]
internal sealed partial class Answers : JsonSerializerContext;
