namespace Millrace.Server.Cli;

/// <summary>Ends a verb with one line for the person and an exit code.</summary>
internal sealed class CliException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode => exitCode;
}
