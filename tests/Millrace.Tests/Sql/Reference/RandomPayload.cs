using System.Globalization;

namespace Millrace.Tests.Sql.Reference;

/// <summary>Payloads whose members are mostly of the type that statements expect of their names, and sometimes of another, missing, or there twice.</summary>
internal static class RandomPayload
{
    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "2", "3", "10", "40", "47.4", "2.5", "-2.5", "0.5", "10.0", "1.50", "-0", "-0.0", "1e3", "1E-7", "12.5e-3", "99999999999999999999", "9007199254740993",
        "1234567890123456789012345678901234", "12345678901234567890123456789012345", "0.1234567890123456789012345678901234567", "1e400", "-1e-400", "1e999", "1e1000", "1e-1000",
        "9223372036854775807", "-9223372036854775808", "0.30000000000000004", "1e+2",
    ];

    private static readonly string[] Texts =
    [
        "", "x", "red", "RED", "true", "FALSE", "5", "-2.5", "1e2", "1E+2", ".5", "5.", " 5", "007", "é€😀", "a'b", "a\\\"b", "\\u0041b", "tab\\there", "  pad ", "\\ud83d\\ude00", "line\\nend", "[1]", "abcabc", "ß", "İ",
    ];

    public static RefValue.Obj Of(Random random)
    {
        var members = new List<string>();
        foreach (var name in RandomRule.Names)
        {
            if (random.Next(8) == 0) continue;
            members.Add($"{Name(random, name)}:{Value(random, random.Next(10) == 0 ? 'z' : name[0], 2)}");
            if (random.Next(25) == 0) members.Add($"{Name(random, name)}:{Value(random, name[0], 1)}");
        }

        return (RefValue.Obj)RefValue.Parse($"{{{string.Join(',', members)}}}");
    }

    // The first letter of a name says what is to be expected.
    private static string Value(Random random, char kind, int depth) => kind switch
    {
        'n' => Pick(random, Numbers),
        's' => $"\"{Pick(random, Texts)}\"",
        'f' => random.Next(2) == 0 ? "true" : "false",
        'l' => $"[{Joined(random, random.Next(4), () => Value(random, random.Next(4) == 0 ? 'z' : 'n', depth - 1))}]",
        'o' when depth > 0 => $"{{{Joined(random, random.Next(4), () => Member(random, depth - 1))}}}",
        'r' when depth > 0 => $"[{Joined(random, random.Next(4), () => random.Next(6) == 0 ? Value(random, 'z', 0) : Value(random, 'o', depth))}]",
        _ => random.Next(8) switch
        {
            0 => "null",
            1 => Value(random, 'f', depth),
            2 => random.Next(-50, 50).ToString(CultureInfo.InvariantCulture),
            3 => Value(random, 's', depth),
            4 when depth > 0 => Value(random, 'o', depth),
            5 when depth > 0 => Value(random, 'l', depth),
            6 => (random.Next(-100_000, 100_000) / 100.0).ToString(CultureInfo.InvariantCulture),
            _ => Value(random, 'n', depth),
        },
    };

    private static string Member(Random random, int depth)
    {
        var name = Pick(random, RandomRule.Names);
        return $"{Name(random, name)}:{Value(random, name[0], depth)}";
    }

    private static string Name(Random random, string name) =>
        random.Next(12) == 0 ? $"\"\\u{(int)name[0]:x4}{name[1..]}\"" : $"\"{name}\"";

    private static string Joined(Random random, int count, Func<string> make) =>
        string.Join(random.Next(2) == 0 ? "," : " , ", Enumerable.Range(0, count).Select(_ => make()));

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
