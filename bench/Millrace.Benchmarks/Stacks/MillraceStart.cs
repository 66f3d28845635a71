using Millrace.Contracts;

namespace Millrace.Benchmarks.Stacks;

/// <summary>How this repository's server is started.</summary>
/// <param name="Program">millrace.dll.</param>
/// <param name="Parent">Where its data directory is made.</param>
internal sealed record MillraceStart(string Program, string Parent)
{
    private static readonly TimeSpan HelpLimit = TimeSpan.FromSeconds(30);

    /// <summary>YAML; null for none.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Further words for <c>millrace serve</c>.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>For a listener with TLS, in place of the plain one; null for plain TCP.</summary>
    public TestCertificate? Certificate { get; init; }

    /// <summary>The program that was built with this benchmark, unless another is named.</summary>
    public static string ProgramOr(string? other) => other
        ?? SourceTree.Find("src/Millrace.Server/bin/Release/net10.0/millrace.dll", "Build it: dotnet build -c Release src/Millrace.Server");

    /// <exception cref="FaultException">It does not; <see cref="Fault.Refused"/>.</exception>
    public async Task NeedOptionAsync(string option, CancellationToken stop)
    {
        await using var help = new ChildProcess("millrace serve --help", Environment.ProcessPath!, [Program, "serve", "--help"]);
        await help.EndsWellAsync(HelpLimit, stop);
        if (!help.LastLines.Contains($"{option} ", StringComparison.Ordinal))
            throw new FaultException(Fault.Refused, $"this millrace has no option {option}");
    }
}
