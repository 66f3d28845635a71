using System.Text.Json.Serialization;

namespace Millrace.Server.Api;

/// <summary>Answers that have Timestream's spelling.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WriteRecordsAnswer))]
internal sealed partial class WriteAnswers : JsonSerializerContext;
