namespace Millrace.Benchmarks.Stacks;

/// <summary>A way to start a fresh stack.</summary>
/// <param name="Name">Heads its figures in the report.</param>
/// <param name="StartAsync">Ends when it takes connections.</param>
internal sealed record StackKind(string Name, Func<CancellationToken, Task<IStack>> StartAsync);
