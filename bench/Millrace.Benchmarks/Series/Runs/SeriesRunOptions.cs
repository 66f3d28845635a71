using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Questions;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>What is asked, and how often.</summary>
/// <param name="Questions">In this order.</param>
/// <param name="Sets">Random parameters of each question that has any.</param>
/// <param name="Rounds">In which each engine is asked with each parameters, at least.</param>
internal sealed record SeriesRunOptions(IReadOnlyList<Question> Questions, int Sets, int Rounds)
{
    public IReadOnlyList<Parameters> SetsOf(Question question, DataShape shape, bool recent) =>
        [.. Enumerable.Range(0, question.HasParameters ? Sets : 1).Select(i => Parameters.Create(question, shape, i, recent))];
}
