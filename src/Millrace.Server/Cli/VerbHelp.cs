using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Millrace.Server.Cli;

/// <summary>Help as usual, and after it the exit codes and an example.</summary>
internal sealed class VerbHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(Exit.Help);
        output.WriteLine();
        output.WriteLine("Example:");
        var example = parseResult.CommandResult.Command is Verb verb ? verb.Example : """millrace query "SELECT count(*) FROM fleet.telemetry" """;
        foreach (var line in example.Split('\n')) output.WriteLine($"  {line.Trim()}");
        return Exit.Ok;
    }
}
