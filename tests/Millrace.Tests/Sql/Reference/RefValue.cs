using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Millrace.Tests.Sql.Reference;

/// <summary>A value of the language. What came out of a payload knows how it was written there.</summary>
internal abstract record RefValue
{
    public static readonly RefValue Undefined = new None();
    public static readonly RefValue Null = new Nothing();

    public sealed record None : RefValue;

    public sealed record Nothing : RefValue;

    public sealed record Bool(bool Value) : RefValue;

    /// <param name="Value">Null: a number of a payload that is out of range.</param>
    /// <param name="Written">As the payload has it.</param>
    public sealed record Num(Dec? Value, string? Written = null) : RefValue;

    /// <param name="Written">As the payload has it, quotes included.</param>
    public sealed record Str(string Value, string? Written = null) : RefValue;

    public sealed record Arr(IReadOnlyList<RefValue> Items) : RefValue;

    /// <summary>Members in order, names that are there twice too.</summary>
    public sealed record Obj(IReadOnlyList<(Str Name, RefValue Value)> Members) : RefValue
    {
        public RefValue Find(string name) => Members.LastOrDefault(m => m.Name.Value == name).Value ?? Undefined;
    }

    public static RefValue Of(bool? value) => value is { } known ? new Bool(known) : Undefined;

    public static RefValue Of(Dec? value) => value is { } known ? new Num(known) : Undefined;

    public static RefValue Of(string? value) => value is null ? Undefined : new Str(value);

    public static RefValue Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        return Of(document.RootElement);
    }

    /// <param name="escapes">Whether strings of a payload keep the escapes that they have there.</param>
    public string Json(bool escapes = true) => this switch
    {
        Bool flag => flag.Value ? "true" : "false",
        Num number => number.Written ?? number.Value!.Value.ToString(),
        Str text => (escapes ? text.Written : null) ?? Quoted(text.Value),
        Arr array => $"[{string.Join(',', array.Items.Select(i => i.Json(escapes)))}]",
        Obj map => $"{{{string.Join(',', map.Members.Select(m => $"{m.Name.Json(escapes)}:{m.Value.Json(escapes)}"))}}}",
        _ => "null",
    };

    private static RefValue Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => new Bool(true),
        JsonValueKind.False => new Bool(false),
        JsonValueKind.Number => new Num(Dec.Parse(json.GetRawText()), json.GetRawText()),
        JsonValueKind.String => new Str(json.GetString()!, json.GetRawText()),
        JsonValueKind.Array => new Arr([.. json.EnumerateArray().Select(Of)]),
        JsonValueKind.Object => new Obj([.. json.EnumerateObject().Select(static m => (new Str(m.Name, RawName(m)), Of(m.Value)))]),
        _ => Null,
    };

    // A member's text begins with its name as it was written, up to the quote that ends it.
    private static string RawName(JsonProperty member)
    {
        var text = member.ToString();
        var end = 1;
        while (text[end] != '"') end += text[end] == '\\' ? 2 : 1;
        return text[..(end + 1)];
    }

    private static string Quoted(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            var letter = c switch { '"' => "\\\"", '\\' => "\\\\", '\b' => "\\b", '\f' => "\\f", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => null };
            if (letter is not null) json.Append(letter);
            else if (c < 0x20) json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else json.Append(c);
        }

        return json.Append('"').ToString();
    }
}
