namespace Millrace.Benchmarks.Series.Engines;

/// <summary>A way to start an engine.</summary>
/// <param name="Name">As in <c>--engines</c>.</param>
/// <param name="Title">Heads its figures, with its version.</param>
/// <param name="Programs">That must be installed.</param>
/// <param name="StartAsync">On a directory, fresh or with what an earlier start left there; ends when it takes questions.</param>
internal sealed record EngineKind(string Name, string Title, string[] Programs, Func<string, CancellationToken, Task<IEngine>> StartAsync);
