using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Texts that say where a secret stands, in place of the secret: a pipeline file is kept, shown and sent around.</summary>
public static class SecretText
{
    /// <summary>Before the name of an environment variable of the server.</summary>
    public const string Environment = "env:";

    /// <summary>Before the path of a file on the server; its last line break does not count.</summary>
    public const string File = "file:";

    /// <summary>How a function begins that a rule on AWS asks a secret with.</summary>
    public const string Function = "${get_secret(";

    /// <summary>What a value must be.</summary>
    public const string Rule = "must say where the secret stands, and not be the secret: env:NAME, file:/path or ${get_secret('id', 'SecretString')}";

    public static bool IsReference(string text) =>
        (text.StartsWith(Environment, StringComparison.Ordinal) && text.Length > Environment.Length)
        || (text.StartsWith(File, StringComparison.Ordinal) && text.Length > File.Length)
        || (text.StartsWith(Function, StringComparison.Ordinal) && text.EndsWith('}'));

    /// <summary>The problem with a value; none where it is null or as it must be.</summary>
    public static IEnumerable<Problem> Check(string where, string? text)
    {
        if (text is not null && !IsReference(text)) yield return new(where, Rule);
    }
}
