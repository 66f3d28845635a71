using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Server.Rules;

/// <summary>Rules as they are kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredRule))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class RuleJson : JsonSerializerContext;
