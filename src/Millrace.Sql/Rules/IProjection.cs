namespace Millrace.Sql.Rules;

/// <summary>What a statement makes of a message for which its condition is true.</summary>
internal interface IProjection
{
    /// <summary>The whole output, good until the context begins the next message.</summary>
    TextBuffer Make(scoped in Evaluation e);
}
