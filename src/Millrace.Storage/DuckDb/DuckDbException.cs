using System.Text.Json;

namespace Millrace.Storage.DuckDb;

/// <summary>What DuckDB says went wrong, in its own words.</summary>
internal sealed class DuckDbException(string kind, string message, int? position = null) : Exception(message)
{
    /// <summary>DuckDB's name of the kind of error: Parser, Binder, Catalog, Out of Memory, INTERRUPT, …</summary>
    public string Kind { get; } = kind;

    /// <summary>Byte of the statement where the error is, from 0.</summary>
    public int? Position { get; } = position;

    /// <summary>Reads a message; connections here ask for errors as JSON, but not every place of DuckDB obeys.</summary>
    internal static DuckDbException From(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new DuckDbException("", "DuckDB gave no reason");
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        if (brace >= 0 && TryParse(text.AsMemory(brace), out var parsed)) return parsed;
        var colon = text.IndexOf(" Error: ", StringComparison.Ordinal);
        return colon > 0 ? new DuckDbException(text[..colon], text[(colon + " Error: ".Length)..]) : new DuckDbException("", text);
    }

    private static bool TryParse(ReadOnlyMemory<char> json, out DuckDbException parsed)
    {
        parsed = null!;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var position = root.TryGetProperty("position", out var at) && int.TryParse(at.GetString(), out var number) ? number : (int?)null;
            parsed = new DuckDbException(
                root.GetProperty("exception_type").GetString() ?? "",
                root.GetProperty("exception_message").GetString() ?? "",
                position);
            return true;
        }
        catch (Exception notThatJson) when (notThatJson is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
