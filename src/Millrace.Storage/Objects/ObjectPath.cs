using System.Globalization;
using System.Text;

namespace Millrace.Storage.Objects;

/// <summary>Where an object lies: <c>objects/{bucket}/{key}</c>, its key with <c>%XX</c> for all that is not plain.</summary>
/// <remarks>
/// Each key has one path and each path one key. A key's slashes divide directories; an empty part is <c>%</c>, parts of dots alone are encoded, and a
/// part too long for a file system is cut into directories that end in <c>%</c>, which nothing else does.
/// </remarks>
internal static class ObjectPath
{
    public const string Root = "objects";

    /// <summary>For files that are not objects yet: no bucket begins with a dot.</summary>
    public const string Unfinished = Root + "/.unfinished";

    /// <summary>Bytes of UTF-8, as in S3.</summary>
    public const int LongestKey = 1024;

    private const int LongestBucket = 63;
    private const int LongestPart = 200;

    // What a path may have on Linux, less room for the data directory.
    private const int LongestPath = 3000;

    /// <returns>What is wrong with the bucket or the key; null where nothing is.</returns>
    public static string? Find(string bucket, ReadOnlySpan<byte> key, out string path)
    {
        path = "";
        if (!IsBucket(bucket)) return $"the bucket '{Shown(bucket)}' must have 1 to {LongestBucket} letters, digits, ., _ and -, the first a letter or digit";
        if (key.Length is 0 or > LongestKey) return $"the key has {key.Length} bytes; it may have 1 to {LongestKey}";
        var text = new StringBuilder($"{Root}/{bucket}");
        while (true)
        {
            var slash = key.IndexOf((byte)'/');
            Add(slash < 0 ? key : key[..slash], text.Append('/'));
            if (slash < 0) break;
            key = key[(slash + 1)..];
        }

        if (text.Length > LongestPath) return $"the key becomes a path of {text.Length} characters; it may have {LongestPath}";
        path = text.ToString();
        return null;
    }

    private static void Add(ReadOnlySpan<byte> part, StringBuilder path)
    {
        if (part.IsEmpty) path.Append('%');

        // The first piece is as it stands unless it is a way up; a piece behind a cut could become one by where the cut fell.
        var onlyDots = part.IndexOfAnyExcept((byte)'.') < 0;
        var start = path.Length;
        foreach (var c in part)
        {
            if (path.Length - start >= LongestPart)
            {
                path.Append("%/");
                start = path.Length;
                onlyDots = c == '.';
            }

            if (IsPlain(c) && !onlyDots) path.Append((char)c);
            else path.Append(CultureInfo.InvariantCulture, $"%{c:X2}");
            onlyDots &= c == '.';
        }
    }

    private static bool IsPlain(byte c) => char.IsAsciiLetterOrDigit((char)c) || "-_.=+@,:~()!"u8.Contains(c);

    private static bool IsBucket(string bucket) => bucket.Length is > 0 and <= LongestBucket && char.IsAsciiLetterOrDigit(bucket[0])
        && bucket.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string Shown(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
