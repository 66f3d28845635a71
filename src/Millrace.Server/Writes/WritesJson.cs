using System.Text.Json.Serialization;

namespace Millrace.Server.Writes;

/// <summary>What stands in the log of writes, as JSON.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CsvShape))]
internal sealed partial class WritesJson : JsonSerializerContext;
