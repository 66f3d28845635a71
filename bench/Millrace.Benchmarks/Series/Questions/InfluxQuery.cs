namespace Millrace.Benchmarks.Series.Questions;

/// <summary>What InfluxDB is asked, and what is left for the client to do.</summary>
/// <param name="Text">InfluxQL.</param>
/// <param name="Finish">Makes the rows of the question's answer; not in the time that is measured.</param>
internal sealed record InfluxQuery(string Text, Func<IEnumerable<InfluxSeries>, IEnumerable<object?[]>> Finish);
