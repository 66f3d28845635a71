namespace Millrace.Contracts.Objects;

/// <summary>Where a lake's files of errors go: Firehose's ErrorOutputPrefix.</summary>
public static class ErrorPrefix
{
    private const string Expression = "!{firehose:error-output-type}";

    /// <summary>The prefix for errors of one type.</summary>
    /// <param name="text">As on AWS: where it has expressions, that of the type is one of them; where it has none, a folder of the type comes behind it.</param>
    /// <param name="type">As <c>processing-failed</c>.</param>
    public static string Of(string text, string type)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains("!{", StringComparison.Ordinal)) return text.Replace(Expression, type, StringComparison.Ordinal);
        return text.Length == 0 || text[^1] == '/' ? $"{text}{type}/" : $"{text}/{type}/";
    }

    /// <returns>What is wrong with it; null where it is right.</returns>
    public static string? Check(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains("!{", StringComparison.Ordinal) && !text.Contains(Expression, StringComparison.Ordinal)) return $"has expressions, and {Expression} must be one of them";
        if (ObjectPrefix.TryParse(Of(text, "format-conversion-failed"), out var prefix) is { } wrong) return wrong.What;
        return prefix!.Keys.Count > 0 ? "must not have partition keys: what comes here may have none" : null;
    }
}
