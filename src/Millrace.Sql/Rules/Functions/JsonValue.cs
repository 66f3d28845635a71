using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>JSON from elsewhere than the payload, checked before anything looks into it.</summary>
internal static class JsonValue
{
    /// <summary>False where it is not one value of JSON, with nothing but space around it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out Value value)
    {
        value = default;
        var scanner = new JsonScanner(json);
        scanner.SkipSpace();
        var start = scanner.At;
        if (!scanner.TryValue(0, out var kind, out var escaped)) return false;
        var place = FieldPlace.Between(kind, escaped, start, scanner.At);
        if (!scanner.TryEnd()) return false;
        value = Value.Of(kind, json.Slice(place.Start, place.Length), escaped);
        return true;
    }
}
