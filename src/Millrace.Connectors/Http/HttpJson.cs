using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Connectors.Http;

/// <summary>What this room writes as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HttpDestination))]
[JsonSerializable(typeof(HttpConfirmationMessage))]
internal sealed partial class HttpJson : JsonSerializerContext;
