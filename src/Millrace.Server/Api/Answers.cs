using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Devices.Certificates;
using Millrace.Devices.Credentials;
using Millrace.Flows.Windows;

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
[JsonSerializable(typeof(CertificatesAnswer))]
[JsonSerializable(typeof(DeviceCertificate))]
[JsonSerializable(typeof(CreateCertificateRequest))]
[JsonSerializable(typeof(CreatedCertificateAnswer))]
[JsonSerializable(typeof(RegisterCertificateRequest))]
[JsonSerializable(typeof(CertificateStatusRequest))]
[JsonSerializable(typeof(UsersAnswer))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(TokensAnswer))]
[JsonSerializable(typeof(ApiToken))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(PoliciesAnswer))]
[JsonSerializable(typeof(PolicyAnswer))]
[JsonSerializable(typeof(PolicyTestRequest))]
[JsonSerializable(typeof(PolicyTestAnswer))]
[JsonSerializable(typeof(DestinationsAnswer))]
[JsonSerializable(typeof(WindowsAnswer))]
[JsonSerializable(typeof(WindowStatus))]
[JsonSerializable(typeof(RulesAnswer))]
[JsonSerializable(typeof(RuleAnswer))]
[JsonSerializable(typeof(DocumentsAnswer))]
[JsonSerializable(typeof(WriteLinesAnswer))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class Answers : JsonSerializerContext;
