using Millrace.Benchmarks.Series.Runs;

namespace Millrace.Benchmarks.Reports;

/// <summary>One question to all engines.</summary>
internal sealed record SeriesQuestionResult
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>How many random parameters it was asked with.</summary>
    public required int Parameters { get; init; }

    /// <summary>Of the longest answer.</summary>
    public required int AnswerRows { get; init; }

    /// <summary>By engine; none where <see cref="Problem"/> says why not.</summary>
    public required IReadOnlyDictionary<string, QuestionTimes> Times { get; init; }

    /// <summary>By engine, why it could not be asked.</summary>
    public required IReadOnlyDictionary<string, string> LeftOut { get; init; }

    /// <summary>Engines disagree, or one failed; null where all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>How many times our time another engine took; null where one of them has none.</summary>
    public double? TimesOurs(string ours, string other) =>
        Times.TryGetValue(ours, out var mine) && Times.TryGetValue(other, out var theirs) ? theirs.MedianMs / mine.MedianMs : null;
}
