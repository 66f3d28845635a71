using System.Text;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions.Lookups;

/// <summary>Functions that read what there is beside the message. Their last argument is AWS's role, which is not looked at here.</summary>
internal static class LookupFunctions
{
    private static readonly string[] Operations = ["DescribeThing", "ListThingGroupsForThing"];
    private static readonly string[] SecretKinds = ["SecretString", "SecretBinary"];

    /// <summary><c>get_thing_shadow(thing, [shadow,] role)</c>: the whole document; Undefined where there is none.</summary>
    public static Value Shadow(Expression[] arguments, scoped in Evaluation e)
    {
        if (!TryString(arguments, 0, e, out var thing)) return Value.Undefined;
        string? shadow = null;
        if (arguments.Length == 3 && !TryString(arguments, 1, e, out shadow)) return Value.Undefined;
        return Answer(e, e.Options.Lookups?.Shadow(thing, shadow), "the shadow");
    }

    /// <summary><c>get_registry_data(operation, thing, role)</c>. A thing that there is not fails the statement, as the operation does.</summary>
    public static Value Registry(Expression[] arguments, scoped in Evaluation e)
    {
        if (!TryString(arguments, 0, e, out var operation) || !TryString(arguments, 1, e, out var thing)) return Value.Undefined;
        var answer = Operations.Contains(operation) ? e.Options.Lookups?.Thing(operation, thing) : null;
        if (answer is not null) return Answer(e, answer, "the registry");
        e.Context.FailOutside($"get_registry_data(): there is no thing '{thing}', or no operation '{operation}'");
        return Value.Undefined;
    }

    /// <summary><c>get_dynamodb(table, key, value, [sort key, value,] role)</c>: a document of a collection; Undefined where there is none.</summary>
    public static Value Document(Expression[] arguments, scoped in Evaluation e)
    {
        if (!TryString(arguments, 0, e, out var table) || !TryString(arguments, 2, e, out var key)) return Value.Undefined;
        if (arguments.Length == 6)
        {
            if (!TryString(arguments, 4, e, out var sort)) return Value.Undefined;
            key = $"{Escaped(key)}/{Escaped(sort)}";
        }

        return Answer(e, e.Options.Lookups?.Document(table, key), "the document");
    }

    /// <summary><c>get_secret(id, kind, [key,] role)</c>: the text, the value of a key of its JSON, or its bytes in base64.</summary>
    public static Value Secret(Expression[] arguments, scoped in Evaluation e)
    {
        if (!TryString(arguments, 0, e, out var id) || !Arguments.TryText(arguments, 1, e, out var kind)) return Value.Undefined;
        if (e.Options.Lookups?.Secret(id) is not { } secret) return Fail(e, $"get_secret(): there is no secret '{id}'");
        if (!kind.SequenceEqual("SecretString"u8))
        {
            return arguments.Length == 3 && kind.SequenceEqual("SecretBinary"u8)
                ? Base64Text.Encode(e, secret)
                : Fail(e, $"get_secret(): of '{id}' there is a SecretString, with a key or without, and a SecretBinary without");
        }

        if (arguments.Length == 3)
            return System.Text.Unicode.Utf8.IsValid(secret) ? Value.OfText(secret) : Fail(e, $"get_secret(): '{id}' is no text: ask for its SecretBinary");
        if (!Arguments.TryText(arguments, 2, e, out var key)) return Value.Undefined;
        if (!JsonValue.TryRead(secret, out var json) || json.Kind != ValueKind.Object) return Fail(e, $"get_secret(): '{id}' is no object of JSON, and has no keys");
        var value = MemberAccess.Find(e, json, key);
        return value.IsUndefined ? Fail(e, $"get_secret(): the secret '{id}' has no key '{Encoding.UTF8.GetString(key)}'") : value;
    }

    public static FunctionBody BindRegistry(FunctionCall call)
    {
        Check(call, 0, Operations, "operation");
        return call.Function.Body;
    }

    public static FunctionBody BindSecret(FunctionCall call)
    {
        Check(call, 1, SecretKinds, "kind of secret");
        if (call.Count == 4 && call.Text(1) == "SecretBinary") throw call.Refuse(2, "a SecretBinary has no keys: leave out the key, or ask for the SecretString");
        return call.Function.Body;
    }

    public static FunctionBody BindDocument(FunctionCall call)
    {
        if (call.Count == 5) throw call.Refuse("get_dynamodb() takes 4 arguments (table, key's name, its value, role), or 6 with a sort key's name and value, not 5");
        if (++call.Usage.DocumentReads > 1) throw call.Refuse("get_dynamodb() can be called once in a statement");
        return call.Function.Body;
    }

    /// <summary>Checked, because everything behind it takes JSON for checked.</summary>
    public static Value Answer(scoped in Evaluation e, byte[]? json, string what)
    {
        if (json is null) return Value.Undefined;
        return JsonValue.TryRead(json, out var value) ? value : Fail(e, $"{what} is no JSON");
    }

    public static Value Fail(scoped in Evaluation e, string reason)
    {
        e.Context.FailOutside(reason);
        return Value.Undefined;
    }

    public static bool TryString(Expression[] arguments, int index, scoped in Evaluation e, out string text)
    {
        text = "";
        if (!Arguments.TryText(arguments, index, e, out var bytes) || bytes.Length > 4096) return false;
        text = Encoding.UTF8.GetString(bytes);
        return true;
    }

    private static void Check(FunctionCall call, int argument, string[] known, string what)
    {
        if (call.Text(argument) is { } text && !known.Contains(text))
            throw call.Refuse(argument, $"{call.Function.Name}() knows no {what} '{text}': there are {string.Join(" and ", known)}");
    }

    // As collections with a sort key keep their documents: both keys, with a slash between them that neither can have.
    private static string Escaped(string part) => part.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}
