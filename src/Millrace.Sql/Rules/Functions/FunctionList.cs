namespace Millrace.Sql.Rules.Functions;

/// <summary>Every function of AWS IoT SQL that statements may call. Not listed here: refused when the statement is compiled.</summary>
internal static class FunctionList
{
    public static readonly Function[] All =
    [
        new("abs", 1, 1, NumberFunctions.Abs),
        new("ceil", 1, 1, NumberFunctions.Ceil),
        new("clientid", 0, 0, MessageFunctions.ClientId),
        new("concat", 1, int.MaxValue, TextFunctions.Concat),
        new("endswith", 2, 2, TextFunctions.EndsWith),
        new("floor", 1, 1, NumberFunctions.Floor),
        new("get", 2, 2, ValueFunctions.Get),
        new("indexof", 2, 2, TextFunctions.IndexOf),
        new("isNull", 1, 1, ValueFunctions.IsNull),
        new("isUndefined", 1, 1, ValueFunctions.IsUndefined),
        new("length", 1, 1, TextFunctions.Length),
        new("lower", 1, 1, TextFunctions.Lower),
        new("mod", 2, 2, NumberFunctions.Mod),
        new("nanvl", 2, 2, ValueFunctions.Nanvl),
        new("newuuid", 0, 0, MessageFunctions.NewUuid),
        new("numbytes", 1, 1, TextFunctions.NumBytes),
        new("power", 2, 2, NumberFunctions.Power),
        new("remainder", 2, 2, NumberFunctions.Mod),
        new("round", 1, 1, NumberFunctions.Round),
        new("sign", 1, 1, NumberFunctions.Sign),
        new("sqrt", 1, 1, NumberFunctions.Sqrt),
        new("startswith", 2, 2, TextFunctions.StartsWith),
        new("timestamp", 0, 0, MessageFunctions.Timestamp),
        new("topic", 0, 1, MessageFunctions.Topic),
        new("upper", 1, 1, TextFunctions.Upper),
    ];

    /// <summary>The rest of the language, so that a refusal can tell a function that is still to come from a slip of the pen.</summary>
    private static readonly string[] NotYet =
    [
        "accountid", "acos", "asin", "atan", "atan2", "aws_lambda", "bitand", "bitnot", "bitor", "bitxor", "chr", "cos", "cosh", "decode",
        "encode", "exp", "get_dynamodb", "get_mqtt_property", "get_or_default", "get_registry_data", "get_secret", "get_thing_shadow",
        "get_user_properties", "ln", "log", "lpad", "ltrim", "machinelearning_predict", "md2", "md5", "parse_time", "principal", "rand",
        "regexp_matches", "regexp_replace", "regexp_substr", "replace", "rpad", "rtrim", "sha1", "sha224", "sha256", "sha384", "sha512",
        "sin", "sinh", "sourceip", "sql_version", "substring", "tan", "tanh", "time_to_epoch", "traceid", "transform", "trim", "trunc",
    ];

    // Aggregates and words of other dialects, where the nearest name by spelling would mislead.
    private static readonly string[] Aggregates = ["avg", "count", "first", "last", "max", "min", "stddev", "sum", "window_end", "window_start", "tumbling", "hopping", "session"];

    public static Function? Find(string name) => All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why there is no function of that name, and what there is.</summary>
    public static string Missing(string name)
    {
        if (NotYet.Contains(name, StringComparer.OrdinalIgnoreCase)) return $"the function {name}() is not supported yet; {Nearest(name)}";
        return Aggregates.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $"{name}() is of many messages, and a rule without windows sees one message: {Windows.WindowSpan.Advice}"
            : $"there is no function {name}(); {Nearest(name)}";
    }

    private static string Nearest(string name)
    {
        var nearest = All.Select(f => f.Name).MinBy(known => Distance(known, name))!;
        return $"the nearest supported one is {nearest}()";
    }

    /// <summary>Letters to add, drop or change to make one word of the other.</summary>
    private static int Distance(string known, string name)
    {
        // Names in a statement can be very long; more letters than this are far from every function anyway.
        var word = name.Length > 40 ? name[..40] : name;
        var row = Enumerable.Range(0, word.Length + 1).ToArray();
        for (var i = 1; i <= known.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= word.Length; j++)
            {
                var same = char.ToLowerInvariant(known[i - 1]) == char.ToLowerInvariant(word[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
