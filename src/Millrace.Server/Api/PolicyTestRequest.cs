using System.Text.Json;

namespace Millrace.Server.Api;

/// <summary>May it? Of one certificate, one user or one document.</summary>
/// <param name="Action">As <c>iot:Publish</c>.</param>
/// <param name="Topic">The topic or topic filter; none for iot:Connect.</param>
/// <param name="Certificate">Its id.</param>
/// <param name="User">A user's name.</param>
/// <param name="Document">A policy, which needs not be stored.</param>
/// <param name="ClientId">Null: the name of the thing, or else <c>test</c>.</param>
/// <param name="Thing">The certificate is attached to it, whatever it really is attached to.</param>
/// <param name="SourceIp">Where the client comes from.</param>
/// <param name="PersistentConnect">It asks for a session that outlives the connection.</param>
/// <param name="LastWill">It brings a will.</param>
public sealed record PolicyTestRequest(
    string Action,
    string? Topic = null,
    string? Certificate = null,
    string? User = null,
    JsonElement? Document = null,
    string? ClientId = null,
    string? Thing = null,
    string? SourceIp = null,
    bool PersistentConnect = false,
    bool LastWill = false);
