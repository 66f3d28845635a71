using Microsoft.Extensions.Logging;
using Millrace.Contracts.Log;

namespace Millrace.Flows.Windows;

/// <summary>What flows with windows need beside what all flows do.</summary>
public sealed record WindowServices
{
    /// <summary>The log of a flow's rows: made at the first call, of one partition, and nobody else's.</summary>
    public required Func<string, IRecordLog> Rows { get; init; }

    public required IWindowStore Store { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>What runs, for those who look.</summary>
    public WindowRegistry Registry { get; } = new();
}
