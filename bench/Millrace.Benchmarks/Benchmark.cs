namespace Millrace.Benchmarks;

/// <summary>One thing that can be measured.</summary>
/// <param name="Name">The first word after <c>./dev bench</c>.</param>
/// <param name="Summary">One line for the list.</param>
/// <param name="RunAsync">Takes the words after the name; gives an <see cref="ExitCode"/>.</param>
internal sealed record Benchmark(string Name, string Summary, Func<string[], CancellationToken, Task<int>> RunAsync);
