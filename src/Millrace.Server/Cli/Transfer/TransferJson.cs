using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Server.Cli.Transfer;

/// <summary>Files beside exported data.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, WriteIndented = true)]
[JsonSerializable(typeof(ExportManifest))]
internal sealed partial class TransferJson : JsonSerializerContext;
