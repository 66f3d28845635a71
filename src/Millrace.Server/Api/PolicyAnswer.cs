using System.Text.Json;

namespace Millrace.Server.Api;

/// <summary>A policy.</summary>
/// <param name="Name">By which it is attached.</param>
/// <param name="Document">As it was written.</param>
/// <param name="BuiltIn">It comes with the server.</param>
/// <param name="Changed">When it was written last; null for a built-in one.</param>
public sealed record PolicyAnswer(string Name, JsonElement Document, bool BuiltIn, DateTimeOffset? Changed);
