namespace Millrace.Benchmarks;

/// <summary>What a script learns without reading.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It ran and did not end well: a server died, rows are missing, a limit was passed.</summary>
    public const int Failed = 1;

    /// <summary>It did not start: wrong options, or a program that must be installed first.</summary>
    public const int Usage = 2;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
