using System.Diagnostics.CodeAnalysis;
using Millrace.Contracts;

namespace Millrace.Devices.Policies;

/// <summary>A policy of AWS IoT, read and compiled. Immutable.</summary>
public sealed class PolicyDocument
{
    /// <summary>AWS takes 2048 characters, white space not counted; this is generous and still small.</summary>
    public const int MaxLength = 32 * 1024;

    internal PolicyDocument(string text, IReadOnlyList<PolicyStatement> statements) => (Text, Statements) = (text, statements);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    internal IReadOnlyList<PolicyStatement> Statements { get; }

    /// <summary>What is unknown is a mistake, never passed over: a policy that means less than it says lets somebody in, or keeps somebody out.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="document">The policy.</param>
    /// <param name="problems">All mistakes, with places as <c>Statement[0].Action[1]</c>.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PolicyDocument? document, out IReadOnlyList<Problem> problems)
    {
        var parser = new PolicyParser();
        var statements = parser.Parse(text);
        problems = parser.Problems;
        document = problems.Count == 0 ? new PolicyDocument(text, statements) : null;
        return document is not null;
    }

    /// <summary>A text that is known to be right.</summary>
    /// <exception cref="FaultException">Corrupt: it is not.</exception>
    internal static PolicyDocument Parse(string name, string text) =>
        TryParse(text, out var document, out var problems)
            ? document
            : throw new FaultException(Fault.Corrupt, $"the stored policy {name} cannot be read: {problems[0]}");
}
