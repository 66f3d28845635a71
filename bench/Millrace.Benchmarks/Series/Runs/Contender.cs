using Millrace.Benchmarks.Series.Engines;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>An engine that takes part, loaded and running.</summary>
internal sealed record Contender(EngineKind Kind, IEngine Engine, LoadResult Load);
