using Microsoft.Extensions.Logging;
using Millrace.Contracts.Log;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Windows;

/// <summary>What the windows of one flow are made from.</summary>
internal sealed record WindowSettings
{
    public required string Flow { get; init; }

    public required string Sql { get; init; }

    public required SqlVersion Version { get; init; }

    public required WindowPlan Plan { get; init; }

    public required WindowOptions Options { get; init; }

    /// <summary>Of the source.</summary>
    public required int Partitions { get; init; }

    /// <summary>Gets the rows of windows that ended.</summary>
    public required ILogPartition Rows { get; init; }

    /// <summary>Gets messages that came too late; null: they are counted only.</summary>
    public IRecordLog? Late { get; init; }

    public required IWindowStore Store { get; init; }

    /// <summary>Compiles the statement of a snapshot that another one has replaced since; null where it does not compile any more.</summary>
    public required Func<string, SqlVersion, string?, WindowPlan?> Recompile { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Logger { get; init; }

    public WindowRegistry? Registry { get; init; }
}
