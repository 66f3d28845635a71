using System.Text;

namespace Millrace.Devices.Policies;

/// <summary>A text of a policy with variables, which becomes a pattern for one connection. What a variable brings is literal, wildcards in it too.</summary>
internal sealed class PolicyText
{
    /// <summary>A value beyond it counts as none: patterns of a connection stay small, whatever a client calls itself.</summary>
    private const int LongestValue = 1024;

    private readonly List<(byte[] Pattern, PolicyKey? Variable)> _parts = [];

    private PolicyText(string source) => Source = source;

    /// <summary>As the policy has it.</summary>
    public string Source { get; }

    public bool HasVariables { get; private set; }

    /// <param name="text">As the policy has it, or the end of it.</param>
    /// <param name="wildcards">Whether <c>*</c> and <c>?</c> are.</param>
    /// <param name="wrong">Why not, where the result is null.</param>
    public static PolicyText? Parse(string text, bool wildcards, out string wrong)
    {
        var parsed = new PolicyText(text);
        var pattern = new List<byte>();
        wrong = "";
        for (var at = 0; at < text.Length;)
        {
            if (!text.AsSpan(at).StartsWith("${"))
            {
                var next = text.IndexOf("${", at, StringComparison.Ordinal) is >= 0 and var found ? found : text.Length;
                foreach (var b in Encoding.UTF8.GetBytes(text[at..next]))
                    pattern.Add(!wildcards ? b : b switch { (byte)'*' => Glob.Run, (byte)'?' => Glob.One, _ => b });
                at = next;
                continue;
            }

            var end = text.IndexOf('}', at);
            if (end < 0)
            {
                wrong = $"'{text[at..]}' begins a variable and has no '}}'";
                return null;
            }

            var name = text[(at + 2)..end];
            at = end + 1;
            if (name is "*" or "?" or "$")
            {
                // IAM's way to write the character itself.
                pattern.Add((byte)name[0]);
            }
            else if (PolicyKey.Parse(name, out wrong) is not { } key)
            {
                wrong = "the variable " + wrong;
                return null;
            }
            else if (key.IsSet)
            {
                wrong = $"'{name}' may have several values: it can be a condition's key, not a variable";
                return null;
            }
            else
            {
                parsed._parts.Add(([.. pattern], key));
                parsed.HasVariables = true;
                pattern.Clear();
            }
        }

        parsed._parts.Add(([.. pattern], null));
        return parsed;
    }

    /// <param name="context">Null where there are no variables.</param>
    /// <param name="missing">The variable without a value, where the result is null.</param>
    public byte[]? Resolve(RequestContext? context, out string? missing)
    {
        missing = null;
        if (!HasVariables) return _parts[0].Pattern;
        var pattern = new List<byte>();
        foreach (var (literal, variable) in _parts)
        {
            pattern.AddRange(literal);
            if (variable is null) continue;
            if (context is null || variable.Values(context) is not [var value, ..] || Encoding.UTF8.GetByteCount(value) > LongestValue)
            {
                missing = variable.Name;
                return null;
            }

            pattern.AddRange(Encoding.UTF8.GetBytes(value));
        }

        return [.. pattern];
    }
}
