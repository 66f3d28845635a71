namespace Millrace.Sql.History;

/// <summary>A call of a function in a query, by the numbers of its parts.</summary>
/// <param name="Name">The part of its name.</param>
/// <param name="Open">The opening parenthesis.</param>
/// <param name="Close">The closing one.</param>
/// <param name="FirstComma">The comma behind the first argument; 0 where there is one argument or none.</param>
/// <param name="Arguments">How many there are.</param>
internal readonly record struct SqlCall(int Name, int Open, int Close, int FirstComma, int Arguments);
