namespace Millrace.Benchmarks.Rules;

/// <summary>One statement, what it is evaluated on, and the same by hand.</summary>
/// <param name="Name">For <c>--rows</c>.</param>
/// <param name="Title">For the table.</param>
/// <param name="Sql">The statement that matches.</param>
/// <param name="OtherRules">How many rules there are beside it, none of which matches.</param>
/// <param name="Messages">Made anew for each run, always the same.</param>
/// <param name="Reader">By hand, with Utf8JsonReader.</param>
/// <param name="Node">By hand, with JsonNode.</param>
internal sealed record RuleRow(
    string Name, string Title, string Sql, int OtherRules, Func<Message[]> Messages, Func<Contender> Reader, Func<Contender> Node);
