namespace Millrace.Sql.Rules.Syntax;

/// <summary><c>@name = value</c> behind SET.</summary>
/// <param name="At">Where the name stands.</param>
/// <param name="Name">Without the sign.</param>
/// <param name="Value">May speak of those before it.</param>
internal sealed record AssignmentSyntax(int At, string Name, Syntax Value);
