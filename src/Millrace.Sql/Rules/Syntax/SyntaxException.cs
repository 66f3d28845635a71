namespace Millrace.Sql.Rules.Syntax;

/// <summary>A mistake in a statement, on its way out of the parser or the compiler. Never leaves this room.</summary>
internal sealed class SyntaxException(int at, string message) : Exception(message)
{
    /// <summary>The character, from 0, at which it shows.</summary>
    public int At { get; } = at;
}
