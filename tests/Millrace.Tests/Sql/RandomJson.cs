using System.Globalization;

namespace Millrace.Tests.Sql;

/// <summary>JSON of every form that its grammar has, and damage to it.</summary>
internal static class RandomJson
{
    private static readonly string[] Names =
        ["a", "b", "vin", "é", "\\u0061", "v\\u0069n", "\\u00e9", "b\\tq", "", "other", "\\\"x", "a name of more than sixteen bytes"];

    private static readonly string[] Texts =
        ["", "x", "a text of some length, longer than a block", "é€😀", "\\n\\t\\\\\\/\\\"", "\\ud83d\\ude00 and \\u20ac", "2018-02-15 08:20:18.000000000"];

    private static readonly string[] Broken = ["", "{", "}", "[", "]", ",", ":", "\"", "\\", "\u0001", "0", "-", ".", "e", "nul", " ", "é", "\uFEFF"];

    public static string Object(Random random, int depth)
    {
        var members = Enumerable.Range(0, random.Next(6)).Select(_ =>
            $"{Space(random)}\"{Pick(random, Names)}\"{Space(random)}:{Space(random)}{Value(random, depth)}{Space(random)}");
        return $"{Space(random)}{{{string.Join(',', members)}{Space(random)}}}{Space(random)}";
    }

    public static string Number(Random random) => random.Next(6) switch
    {
        0 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        1 => (random.Next(-100_000, 100_000) / 100.0).ToString(CultureInfo.InvariantCulture),
        2 => random.NextDouble().ToString("R", CultureInfo.InvariantCulture),
        3 => $"{(random.Next(2) == 0 ? "-" : "")}{random.Next(1, 9)}{string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(10)))}.{random.Next()}",
        4 => $"{random.Next(10)}.{random.Next(1000)}{(random.Next(2) == 0 ? "e" : "E")}{Pick(random, ["", "+", "-"])}{random.Next(330)}",
        _ => "-0",
    };

    /// <summary>One byte changed, dropped, put in, or the end cut off.</summary>
    public static void Damage(ref byte[] json, Random random)
    {
        var at = random.Next(json.Length + 1);
        var put = random.Next(4) == 0 ? [(byte)random.Next(256)] : System.Text.Encoding.UTF8.GetBytes(Pick(random, Broken));
        json = random.Next(3) switch
        {
            0 => json[..at],
            1 => [.. json[..at], .. put, .. json[at..]],
            _ => [.. json[..at], .. put, .. json[Math.Min(json.Length, at + 1)..]],
        };
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => "null",
        1 => "true",
        2 => "false",
        3 => Number(random),
        4 => $"\"{Pick(random, Texts)}\"",
        5 => Object(random, depth - 1),
        _ => $"[{Space(random)}{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Space(random) + Value(random, depth - 1) + Space(random)))}]",
    };

    private static string Space(Random random) => random.Next(4) == 0 ? Pick(random, [" ", "\n", "\t", "\r\n  "]) : "";

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
