using System.Text.Json;

namespace Millrace.Server.Cli.Output;

/// <summary>Reads answers without believing them: what is missing or of another type is empty.</summary>
internal static class JsonReading
{
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;

    /// <summary>A text as it is, any other value as its JSON, nothing and null as an empty text.</summary>
    public static string Text(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => element.GetString() ?? "",
        _ => element.GetRawText(),
    };

    public static string Text(this JsonElement element, string name) => element.Member(name).Text();

    public static bool IsTrue(this JsonElement element, string name) => element.Member(name).ValueKind == JsonValueKind.True;

    public static int Whole(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } n && n.TryGetInt32(out var value) ? value : 0;

    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().ToArray() : [];

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) => element.Member(name).Items();
}
