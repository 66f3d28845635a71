using System.CommandLine;

namespace Millrace.Server.Cli;

/// <summary>A verb of the program, with the example that ends its help.</summary>
internal sealed class Verb(string name, string description, string example) : Command(name, description)
{
    public string Example => example;
}
