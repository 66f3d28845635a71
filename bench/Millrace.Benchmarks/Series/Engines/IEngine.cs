using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Questions;
using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>A database, running, in a process of its own. Disposing ends it; its files are the caller's.</summary>
internal interface IEngine : IAsyncDisposable
{
    ChildProcess Process { get; }

    Task<string> VersionAsync(CancellationToken stop);

    /// <summary>Rows of one request of <see cref="OpenSender"/>: what suits it.</summary>
    int BatchRows { get; }

    /// <summary>On a fresh directory, before anything is sent.</summary>
    Task CreateTablesAsync(CancellationToken stop);

    /// <summary>A connection that sends rows; several at once.</summary>
    IRowSender OpenSender(TagSets tagSets);

    /// <summary>All rows are there: brings in what is not rows, and does what the engine would do in time by itself, or its operator: statistics, merging.</summary>
    /// <param name="tagSets">What the numbers in rows mean.</param>
    /// <param name="seen">Those that rows have.</param>
    /// <param name="stop">Gives up.</param>
    Task SettleAsync(TagSets tagSets, IReadOnlyList<int> seen, CancellationToken stop);

    /// <summary>Values in the table's first column: every engine can tell those, and rows are not lost without them.</summary>
    Task<long> CountAsync(TruckTable table, CancellationToken stop);

    /// <summary>What tables, indexes and series take on disk, by kind. After it has settled.</summary>
    Task<IReadOnlyDictionary<string, long>> SizesAsync(CancellationToken stop);

    /// <summary>Whether such a kind holds what queries read; a log of what came in does not.</summary>
    bool IsTable(string kind);

    /// <summary>Ends it in good order.</summary>
    Task StopAsync();

    /// <summary>Why a question cannot be put to it; null where it can.</summary>
    string? WhyNot(Question question);

    /// <summary>Makes ready what is timed: to ask, and to read all of the answer without looking at it. It blocks, and may be called again and again.</summary>
    Action Prepare(Question question, Parameters parameters);

    Task<Answer> AskAsync(Question question, Parameters parameters, CancellationToken stop);
}
