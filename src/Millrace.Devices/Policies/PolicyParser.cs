using System.Text;
using System.Text.Json;
using Millrace.Contracts;

namespace Millrace.Devices.Policies;

/// <summary>Reads a policy document and gathers its mistakes. For one document.</summary>
internal sealed class PolicyParser
{
    private const int MaxStatements = 200;
    private const int MaxResource = 1024;
    private const int MaxProblems = 100;
    private const string ArnShape = "arn:aws:iot:REGION:ACCOUNT:topic/NAME, where REGION and ACCOUNT may be anything";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private static readonly string[] ResourceTypes = ["client", "topic", "topicfilter", "thing", "rolealias"];

    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public IReadOnlyList<PolicyStatement> Parse(string text)
    {
        if (text.Length > PolicyDocument.MaxLength) return Wrong("policy", $"is longer than {PolicyDocument.MaxLength} characters");
        try
        {
            using var json = JsonDocument.Parse(text, Strict);
            return Document(json.RootElement);
        }
        catch (JsonException mistake)
        {
            var (line, column) = ((int)(mistake.LineNumber ?? 0) + 1, (int)(mistake.BytePositionInLine ?? 0) + 1);
            _problems.Add(new Problem("policy", "is not JSON: " + mistake.Message.Split(" LineNumber:")[0].Split(" Path:")[0], line, column));
            return [];
        }
        catch (Exception mistake) when (mistake is InvalidOperationException or ArgumentException)
        {
            // Half of a surrogate pair, written as \u or as itself.
            return Wrong("policy", "has a text that is not Unicode");
        }
    }

    private IReadOnlyList<PolicyStatement> Document(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return Wrong("policy", """must be an object: {"Version":"2012-10-17","Statement":[…]}""");
        foreach (var member in root.EnumerateObject().Where(static m => m.Name is not ("Version" or "Id" or "Statement")))
            Wrong(Short(member.Name), "is unknown; a policy has Version and Statement");
        if (!root.TryGetProperty("Version", out var version)) Wrong("Version", "is missing; it must be \"2012-10-17\"");
        else if (version.ValueKind != JsonValueKind.String || version.GetString() != "2012-10-17")
            Wrong("Version", """must be "2012-10-17": variables have no meaning in earlier ones""");
        if (!root.TryGetProperty("Statement", out var list)) return Wrong("Statement", "is missing");
        var statements = list.ValueKind switch
        {
            JsonValueKind.Object => [(Element: list, Place: "Statement")],
            JsonValueKind.Array => list.EnumerateArray().Select(static (element, i) => (Element: element, Place: $"Statement[{i}]")).ToArray(),
            _ => [],
        };
        if (statements.Length == 0) return Wrong("Statement", "must be a list of at least one statement");
        if (statements.Length > MaxStatements) return Wrong("Statement", $"has more than {MaxStatements} statements");
        return [.. statements.Select((statement, i) => Statement(statement.Element, i, statement.Place))];
    }

    private PolicyStatement Statement(JsonElement element, int index, string place)
    {
        var statement = new PolicyStatement { Index = index, IsDeny = true, Actions = PolicyActions.None, Resources = [] };
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong(place, "must be an object with Effect, Action and Resource");
            return statement;
        }

        foreach (var member in element.EnumerateObject())
        {
            var at = $"{place}.{Short(member.Name)}";
            statement = member.Name switch
            {
                "Sid" => statement with { Sid = Text(member.Value, at) },
                "Effect" => statement with { IsDeny = Effect(member.Value, at) },
                "Action" => statement with { Actions = Actions(member.Value, at) },
                "Resource" => statement with { Resources = Resources(member.Value, at) },
                "Condition" => statement with { Conditions = Conditions(member.Value, at) },
                _ => Unknown(statement, member.Name, at),
            };
        }

        foreach (var needed in new[] { "Effect", "Action", "Resource" })
            if (!element.TryGetProperty(needed, out _)) Wrong($"{place}.{needed}", "is missing");
        return statement;
    }

    private PolicyStatement Unknown(PolicyStatement statement, string name, string at)
    {
        Wrong(at, name switch
        {
            "NotAction" => "is not supported, as in AWS IoT: it would allow every action to come; list the actions under Action",
            "NotResource" => "is not supported, as in AWS IoT: it would allow every resource to come; list the resources under Resource",
            "Principal" or "NotPrincipal" => "has no place here: a policy holds for those it is attached to",
            _ => "is unknown; a statement has Sid, Effect, Action, Resource and Condition",
        });
        return statement;
    }

    private bool Effect(JsonElement value, string at)
    {
        var effect = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (effect is not ("Allow" or "Deny")) Wrong(at, "must be Allow or Deny");
        return effect != "Allow";
    }

    private PolicyActions Actions(JsonElement value, string at)
    {
        var all = PolicyActions.None;
        foreach (var (text, place) in Texts(value, at))
        {
            var actions = ActionNames.Matching(text);
            if (actions == PolicyActions.None) Wrong(place, $"'{Short(text)}' is no action; there are {ActionNames.List}, and * and ? in them");
            all |= actions;
        }

        return all;
    }

    private List<PolicyText> Resources(JsonElement value, string at)
    {
        var resources = new List<PolicyText>();
        foreach (var (text, place) in Texts(value, at))
        {
            if (ResourceName(text, place) is not { } name) continue;
            if (PolicyText.Parse(name, wildcards: true, out var wrong) is { } resource) resources.Add(resource);
            else Wrong(place, wrong);
        }

        return resources;
    }

    /// <returns>What follows the account; null where the ARN is not right.</returns>
    private string? ResourceName(string text, string at)
    {
        if (text == "*") return text;
        if (Encoding.UTF8.GetByteCount(text) > MaxResource) return Refuse(at, $"is longer than {MaxResource} bytes");
        var parts = text.Split(':', 6);
        if (parts.Length < 6 || parts[0] != "arn" || parts.Take(5).Any(static part => part.Length == 0))
            return Refuse(at, $"'{Short(text)}' must be * or {ArnShape}");
        if (parts[2] is not ("iot" or "*")) return Refuse(at, $"'{Short(text)}' is a resource of {Short(parts[2])}; there are only those of iot: {ArnShape}");
        var name = parts[5];
        var type = name.Split('/')[0];
        if (type.AsSpan().ContainsAny('*', '?')) return name;
        if (!ResourceTypes.Contains(type, StringComparer.Ordinal))
            return Refuse(at, $"'{Short(type)}' is no kind of resource; there are {string.Join(", ", ResourceTypes)}");
        return name.Length > type.Length + 1 ? name : Refuse(at, $"'{Short(text)}' must be followed by a name, as {type}/NAME, or by {type}/* for all");
    }

    private List<Condition> Conditions(JsonElement value, string at)
    {
        var conditions = new List<Condition>();
        foreach (var (name, keys, place) in Members(value, at))
        {
            if (ConditionOperator.Parse(name) is not { } compare)
            {
                Wrong(place, $"'{Short(name)}' is no condition operator of this server; there are {ConditionOperator.List}");
                continue;
            }

            foreach (var (key, values, keyPlace) in Members(keys, place))
            {
                if (PolicyKey.Parse(key, out var unknown) is not { } known)
                {
                    Wrong(keyPlace, "the condition key " + unknown);
                    continue;
                }

                var texts = Texts(values, keyPlace, alsoBool: true);
                if (texts.Count == 0) continue;
                if (Condition.Create(compare, known, [.. texts.Select(static t => t.Text)], out var wrong) is { } condition) conditions.Add(condition);
                else Wrong(wrong.Index < 0 ? keyPlace : texts[wrong.Index].Place, wrong.What);
            }
        }

        return conditions;
    }

    private IEnumerable<(string Name, JsonElement Value, string Place)> Members(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
            return value.EnumerateObject().Select(member => (member.Name, member.Value, $"{at}.{Short(member.Name)}"));
        Wrong(at, """must be an object: {"OPERATOR":{"KEY":["VALUE"]}}""");
        return [];
    }

    /// <summary>A text or a list of texts.</summary>
    private List<(string Text, string Place)> Texts(JsonElement value, string at, bool alsoBool = false)
    {
        var elements = value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select((element, i) => (Element: element, Place: $"{at}[{i}]"))
            : [(Element: value, Place: at)];
        var texts = new List<(string, string)>();
        var any = false;
        foreach (var (element, place) in elements)
        {
            any = true;
            if (alsoBool && element.ValueKind is JsonValueKind.True or JsonValueKind.False) texts.Add((element.GetRawText(), place));
            else if (Text(element, place) is { Length: > 0 } text) texts.Add((text, place));
        }

        if (!any) Wrong(at, "must have at least one value");
        return texts;
    }

    private string? Text(JsonElement element, string at)
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text) return text;
        return Refuse(at, "must be a text that is not empty");
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private string? Refuse(string at, string what)
    {
        Wrong(at, what);
        return null;
    }

    private IReadOnlyList<PolicyStatement> Wrong(string at, string what)
    {
        if (_problems.Count < MaxProblems) _problems.Add(new Problem(at, what));
        return [];
    }
}
