using Millrace.Contracts;

namespace Millrace.Server.Cli.Output;

/// <summary>Mistakes as compilers write them, so that editors can jump to the place.</summary>
internal static class ProblemPrinter
{
    public static void Write(TextWriter output, string? file, IReadOnlyList<Problem> problems)
    {
        foreach (var (where, what, line, column) in problems)
            output.WriteLine(SafeText.Clean(line > 0 && file is not null ? $"{file}:{line}:{column}: {where}: {what}" : $"{where}: {what}"));
        output.WriteLine(problems.Count == 1 ? "1 mistake." : $"{problems.Count} mistakes.");
    }
}
