namespace Millrace.Server.Cli;

/// <summary>What the program's exit code says, the same for every verb.</summary>
public static class Exit
{
    public const int Ok = 0;

    /// <summary>It was understood and did not succeed.</summary>
    public const int Failure = 1;

    /// <summary>The command line, a file or a statement is not right.</summary>
    public const int Invalid = 2;

    /// <summary>No server answers at the URL.</summary>
    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl-C before it was done; serve and demo end with 0 then, for that is how they are ended.</summary>
    public const int Interrupted = 130;

    internal const string Help = "Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 server not reachable, 130 interrupted.";
}
