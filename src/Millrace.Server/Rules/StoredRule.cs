using System.Text.Json;

namespace Millrace.Server.Rules;

/// <summary>A rule that was put at run time, as it is kept.</summary>
/// <param name="Document">As it was given, as JSON.</param>
/// <param name="Changed">When it was put last, or enabled, or disabled.</param>
public sealed record StoredRule(JsonElement Document, DateTimeOffset Changed);
