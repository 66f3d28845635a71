namespace Millrace.Server.Cli.Verbs;

internal static class RuleVerb
{
    public static Verb Create(CliContext context) => new("rule", "Rules: what shall happen to messages.", RuleEvalVerb.Example)
    {
        RuleEvalVerb.Create(context),
    };
}
