using Millrace.Flows.Windows;

namespace Millrace.Tests.Flows.Windows;

/// <summary>Snapshots in memory, before and behind each of which the process may end.</summary>
internal sealed class CrashingWindowStore(CrashPoint crash) : IWindowStore
{
    private readonly Dictionary<string, byte[]> _saved = [];

    public int Saves { get; private set; }

    public byte[]? Load(string flow) => _saved.GetValueOrDefault(flow);

    public void Save(string flow, ReadOnlySpan<byte> state)
    {
        crash.Pass();
        _saved[flow] = state.ToArray();
        Saves++;
        crash.Pass();
    }

    public void Remove(string flow) => _saved.Remove(flow);
}
