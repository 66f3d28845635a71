using System.Text;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Testing.Flows;

/// <summary>A sink that keeps what it gets, and does what a test tells it to. Shared by all the sinks a runner opens.</summary>
public sealed class ScriptedSink
{
    private readonly SemaphoreSlim _committed = new(0);

    public List<string> Written { get; } = [];

    public List<Checkpoint> Before { get; } = [];

    public Checkpoint Reached { get; private set; }

    /// <summary>Called for each batch, before it is kept: may throw, or note outcomes.</summary>
    public Action<RecordBatch, Outcomes> OnWrite { get; set; } = static (_, _) => { };

    /// <summary>Called when a sink is closed: may throw.</summary>
    public Action OnClose { get; set; } = static () => { };

    /// <summary>What a commit answers as durable; all by default.</summary>
    public Func<Checkpoint, Checkpoint?> Durable { get; set; } = static reached => reached;

    public bool IsDoneWhenWritten { get; set; }

    public int Opened { get; private set; }

    public ISink Open() => new Sink(this);

    /// <summary>Ends when the flow has committed at or past an offset.</summary>
    public async Task ReachedAsync(long offset)
    {
        while (Reached.Offset < offset) await _committed.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private sealed class Sink(ScriptedSink script) : ISink
    {
        public bool IsDoneWhenWritten => script.IsDoneWhenWritten;

        public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop)
        {
            script.Opened++;
            return default;
        }

        public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
        {
            script.OnWrite(batch, outcomes);
            script.Before.Add(before);
            for (var i = 0; i < batch.Count; i++) script.Written.Add(Encoding.UTF8.GetString(batch[i].Payload));
            return default;
        }

        public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
        {
            script.Reached = reached;
            script._committed.Release();
            return new ValueTask<Checkpoint?>(script.Durable(reached));
        }

        public ValueTask DisposeAsync()
        {
            script.OnClose();
            return default;
        }
    }
}
