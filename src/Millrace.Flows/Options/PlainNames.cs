namespace Millrace.Flows.Options;

/// <summary>Names that are also names of folders, checkpoints and metrics.</summary>
internal static class PlainNames
{
    public const int MaxColumnLength = 256;

    public const string Rule = "must be 1 to 128 letters, digits, _ and -, the first a letter or digit";

    public const string BucketRule = "must be 1 to 63 letters, digits, ., _ and -, the first a letter or digit";

    public static bool IsPlainName(this string name) =>
        name.Length is > 0 and <= 128 && char.IsAsciiLetterOrDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>As S3 has them; capitals, _ and short ones are taken too.</summary>
    public static bool IsBucketName(this string name) =>
        name.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
