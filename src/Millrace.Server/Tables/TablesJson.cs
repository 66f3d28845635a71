using System.Text.Json.Serialization;

namespace Millrace.Server.Tables;

/// <summary>Tables as they are kept and asked for.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TableChange))]
internal sealed partial class TablesJson : JsonSerializerContext;
