using System.Text.Json;

namespace Millrace.Server.Api;

/// <summary>A document of a collection, with the key that it is kept under.</summary>
public sealed record DocumentAnswer(string Key, JsonElement Document);
