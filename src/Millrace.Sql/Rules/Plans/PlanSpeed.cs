using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Plans;

/// <summary>What a statement gets cheaply.</summary>
internal static class PlanSpeed
{
    public static IReadOnlyList<string> Of(StatementSyntax statement, CompiledRule rule)
    {
        var fast = new List<string>();
        if (rule.IsPassThrough) fast.Add("The payload is handed on as it is; nothing is written.");
        if (!rule.NeedsJson) fast.Add("The payload is not read.");
        else fast.Add("The payload is checked and read in one pass, in which its fields are found; of the last message's shape it is known where they stand.");
        if (statement.Where is not null) fast.Add("The condition comes first; where it is not true nothing else is computed.");
        var copied = statement.Items.Count(static i => i.Expression is NameSyntax or MemberSyntax { Of: NameSyntax or MemberSyntax });
        if (copied > 0) fast.Add($"{copied} of {statement.Items.Count} items {(copied == 1 ? "is" : "are")} copied out of the payload, not parsed.");
        if (statement.Variables.Count > 0) fast.Add("A variable is computed where it is first needed, once a message.");
        return fast;
    }
}
