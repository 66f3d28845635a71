namespace Millrace.Sql.Rules.Plans;

/// <summary>What is to be known of one expression of a statement.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Expression">As it would be written.</param>
/// <param name="Text">A value, or a sentence.</param>
public sealed record PlanNote(int Line, int Column, string Expression, string Text);
