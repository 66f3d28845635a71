using Millrace.Contracts.Documents;

namespace Millrace.Tests.Storage.Documents;

/// <summary>What listeners were told, in order: <c>A 3</c>.</summary>
internal sealed class WrittenLog
{
    private readonly Lock _gate = new();
    private readonly List<string> _calls = [];

    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    public IWriteListener Listener(string name) => new Named(this, name);

    private sealed class Named(WrittenLog log, string name) : IWriteListener
    {
        public void Written(long number)
        {
            lock (log._gate) log._calls.Add($"{name} {number}");
        }
    }
}
