using System.Text.Json.Serialization;

namespace Millrace.Devices.Documents;

/// <summary>Everything of this room that is kept, as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CertificateDocument))]
[JsonSerializable(typeof(UserDocument))]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(PolicyDocumentRecord))]
internal sealed partial class DeviceDocuments : JsonSerializerContext;
