using System.Globalization;
using System.Text;

namespace Millrace.Contracts.Objects;

/// <summary>Where a file of the lake goes: Firehose's custom prefix, with <c>!{timestamp:…}</c>, <c>!{firehose:random-string}</c> and <c>!{partitionKeyFromQuery:…}</c>.</summary>
/// <remarks>
/// Source: "Custom prefixes for Amazon S3 objects" of Firehose's developer guide. Times are UTC, of the oldest record's arrival. Two things differ: a random
/// string is made from the records that the file holds, so that a replay writes the same file; and values of partition keys are written as Hive writes
/// them, with <c>%2F</c> for <c>/</c>, so that a value stays within its folder.
/// </remarks>
public sealed class ObjectPrefix
{
    /// <summary>Firehose's own limit, and here that of the text with its expressions too.</summary>
    public const int LongestPath = 512;

    private const int RandomLength = 11;
    private const string RandomDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string PlainCharacters = "/_-.=+@ ";

    private readonly List<(PartKind Kind, string Text)> _parts = [];

    private ObjectPrefix()
    {
    }

    private enum PartKind
    {
        Text,
        Time,
        Random,
        Key,
    }

    /// <summary>Names of the partition keys, each once, in the order in which they stand there.</summary>
    public IReadOnlyList<string> Keys => [.. _parts.Where(static part => part.Kind == PartKind.Key).Select(static part => part.Text).Distinct(StringComparer.Ordinal)];

    /// <summary>Files come to other folders as time goes on.</summary>
    public bool HasTime => _parts.Exists(static part => part.Kind == PartKind.Time);

    /// <summary>Each file has a folder of its own.</summary>
    public bool HasRandom => _parts.Exists(static part => part.Kind == PartKind.Random);

    /// <summary>What stands before the first expression, up to its last <c>/</c>: all files are below it.</summary>
    public string Root => _parts is [(PartKind.Text, var text), ..] ? text[..(text.LastIndexOf('/') + 1)].TrimEnd('/') : "";

    /// <param name="text">As on AWS. Without a time and without partition keys it gets <c>yyyy/MM/dd/HH/</c> behind it, as there.</param>
    /// <param name="prefix">Where the text is right.</param>
    /// <returns>What is wrong with it, at which character; null where it is right.</returns>
    public static Problem? TryParse(string text, out ObjectPrefix? prefix)
    {
        ArgumentNullException.ThrowIfNull(text);
        prefix = null;
        if (text.Length > LongestPath) return new("prefix", $"has {text.Length} characters; at most {LongestPath} are taken");
        var made = new ObjectPrefix();
        for (var at = 0; at < text.Length;)
        {
            var next = text.IndexOf("!{", at, StringComparison.Ordinal);
            if (next < 0) next = text.Length;
            if (next > at) made._parts.Add((PartKind.Text, text[at..next]));
            if (next == text.Length) break;
            var close = text.IndexOf('}', next);
            if (close < 0) return Wrong(next, "'!{' without its '}'");
            if (made.Add(text[(next + 2)..close]) is { } wrong) return Wrong(next, wrong);
            at = close + 1;
        }

        if (!made._parts.Exists(static part => part.Kind is PartKind.Time or PartKind.Key))
        {
            if (text.Length > 0 && text[^1] != '/') made._parts.Add((PartKind.Text, "/"));
            made._parts.Add((PartKind.Time, "yyyy/MM/dd/HH"));
        }

        var sample = made.Evaluate(0, 0, static _ => "x");
        if (WrongPath(sample) is { } path) return new("prefix", path);
        prefix = made;
        return null;
    }

    /// <param name="arrivalNs">Of the file's oldest record.</param>
    /// <param name="seed">The same for the same file.</param>
    /// <param name="valueOf">The value of a partition key; any text.</param>
    /// <returns>A path with <c>/</c> between its parts, and none at its ends.</returns>
    public string Evaluate(long arrivalNs, ulong seed, Func<string, string> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        var path = new StringBuilder();
        var time = DateTime.UnixEpoch.AddTicks(arrivalNs / TimeSpan.NanosecondsPerTick);
        foreach (var (kind, text) in _parts)
        {
            switch (kind)
            {
                case PartKind.Text:
                    path.Append(text);
                    break;
                case PartKind.Time:
                    PrefixTime.TryFormat(text, time, path);
                    break;
                case PartKind.Random:
                    AppendRandom(path, ref seed);
                    break;
                default:
                    AppendHive(path, valueOf(text));
                    break;
            }
        }

        return path.ToString().Trim('/');
    }

    /// <summary>Why this cannot be a folder of the lake; null where it can.</summary>
    public static string? WrongPath(string path)
    {
        if (path.Length > LongestPath) return $"makes a folder of {path.Length} characters; at most {LongestPath} are taken";
        foreach (var part in path.Split('/'))
        {
            if (part.Length == 0) return "has an empty folder name ('//', or nothing at all)";
            if (part[0] == '.') return $"has the folder '{part}', and names that begin with '.' are not taken";
            if (part.Length > 255) return $"has a folder name of {part.Length} characters; file systems take 255";
        }

        var odd = path.ToList().FindIndex(static c => !char.IsAsciiLetterOrDigit(c) && c != '%' && !PlainCharacters.Contains(c, StringComparison.Ordinal));
        return odd < 0 ? null : $"has the character '{path[odd]}'; letters, digits and any of {PlainCharacters}are taken";
    }

    private static Problem Wrong(int at, string what) => new("prefix", $"at character {at + 1}: {what}");

    private string? Add(string expression)
    {
        var colon = expression.IndexOf(':', StringComparison.Ordinal);
        var (space, argument) = colon < 0 ? (expression, "") : (expression[..colon], expression[(colon + 1)..]);
        switch (space)
        {
            case "timestamp":
                if (PrefixTime.TryFormat(argument, DateTime.UnixEpoch, new StringBuilder()) is { } wrong) return wrong;
                _parts.Add((PartKind.Time, argument));
                return null;
            case "firehose" when argument == "random-string":
                _parts.Add((PartKind.Random, ""));
                return null;
            case "firehose" when argument == "error-output-type":
                return "error-output-type belongs into errorPrefix alone";
            case "firehose":
                return $"firehose:{argument} is not known: there is random-string";
            case "partitionKeyFromQuery":
                if (argument.Length is 0 or > 64 || !argument.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) return $"'{argument}' cannot name a partition key: letters, digits, '_' and '-'";
                _parts.Add((PartKind.Key, argument));
                return null;
            case "partitionKeyFromLambda":
                return "there are no Lambda functions here: take partitionKeyFromQuery, and say under partitionKeys what the key is";
            default:
                return $"'{space}' is not known: there are timestamp, firehose and partitionKeyFromQuery";
        }
    }

    private static void AppendRandom(StringBuilder path, ref ulong seed)
    {
        for (var i = 0; i < RandomLength; i++)
        {
            // splitmix64: every seed gives another text, and the next one goes on.
            seed += 0x9E3779B97F4A7C15;
            var mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            path.Append(RandomDigits[(int)((mixed ^ (mixed >> 31)) % (ulong)RandomDigits.Length)]);
        }
    }

    // As Hive escapes path names; a value of nothing is Hive's default partition.
    private static void AppendHive(StringBuilder path, string value)
    {
        if (value.Length == 0) path.Append("__HIVE_DEFAULT_PARTITION__");
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '-' || (c == '.' && i > 0)) path.Append(c);
            else foreach (var b in Encoding.UTF8.GetBytes(char.IsHighSurrogate(c) && i + 1 < value.Length ? value.Substring(i++, 2) : value.Substring(i, 1)))
                path.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
    }
}
