using System.Collections.Concurrent;

namespace Millrace.Flows.Windows;

/// <summary>The windows of all flows that run, for those who look.</summary>
public sealed class WindowRegistry
{
    private readonly ConcurrentDictionary<string, WindowState> _states = new(StringComparer.Ordinal);

    public IReadOnlyList<WindowStatus> Statuses => [.. _states.Values.Select(static state => state.Status).OrderBy(static status => status.Flow, StringComparer.Ordinal)];

    /// <summary>Null where no flow of that name has windows.</summary>
    public WindowStatus? Find(string flow) => _states.TryGetValue(flow, out var state) ? state.Status : null;

    internal void Add(string flow, WindowState state) => _states[flow] = state;

    internal void Remove(string flow, WindowState state) => _states.TryRemove(new KeyValuePair<string, WindowState>(flow, state));
}
