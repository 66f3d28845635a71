using System.Globalization;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Gives each record to the destination that a template names for it, and opens destinations as they come up.</summary>
/// <remarks>
/// What all destinations hold for good is what the one furthest behind does. After a crash the others may get again what they had.
/// </remarks>
/// <param name="name">Of the destination.</param>
/// <param name="context">Of this sink.</param>
/// <param name="what">As <c>the stream</c>.</param>
/// <param name="most">Destinations there may be at the same time.</param>
/// <param name="isDoneWhenWritten">As all of them are.</param>
/// <param name="create">Makes one, or throws a <see cref="FaultException"/> that refuses the name.</param>
internal sealed class RoutedSink(Template name, RuleContext context, string what, int most, bool isDoneWhenWritten, Func<string, ISink> create) : ISink
{
    private readonly Dictionary<string, Branch> _branches = new(StringComparer.Ordinal);
    private readonly RenderBuffer _name = new();
    private Checkpoint? _told;

    public bool IsDoneWhenWritten => isDoneWhenWritten;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        foreach (var branch in _branches.Values) branch.Begin(batch);
        for (var i = 0; i < batch.Count; i++)
        {
            if (await BranchOfAsync(batch, i, before, outcomes, stop).ConfigureAwait(false) is not { } branch) continue;
            branch.Records.AddView(batch, i);
            branch.Indexes.Add(i);
        }

        foreach (var branch in _branches.Values)
        {
            if (branch.Records.Count == 0) continue;
            branch.Outcomes.Clear();
            await branch.Sink.WriteAsync(branch.Records, before, branch.Outcomes, stop).ConfigureAwait(false);
            foreach (var absorbed in branch.Outcomes.AbsorbedRecords) outcomes.Absorbed(branch.Indexes[absorbed]);
            foreach (var refusal in branch.Outcomes.Refusals) outcomes.Refuse(branch.Indexes[refusal.Index], refusal.Fault, refusal.Reason);
        }
    }

    public async ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        var least = reached;
        foreach (var branch in _branches.Values)
        {
            if (await branch.Sink.CommitAsync(reached, stop).ConfigureAwait(false) is { } durable) branch.Durable = durable;
            if (branch.Durable.Offset < least.Offset) least = branch.Durable;
        }

        if (_told is { } told && told.Offset >= least.Offset) return null;
        _told = least;
        return least;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var branch in _branches.Values)
        {
            branch.Records.Dispose();
            await branch.Sink.DisposeAsync().ConfigureAwait(false);
        }

        _branches.Clear();
    }

    private async ValueTask<Branch?> BranchOfAsync(RecordBatch batch, int index, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        if (NameOf(batch, index, outcomes) is not { } named) return null;
        if (_branches.TryGetValue(named, out var branch)) return branch;
        if (_branches.Count >= most) await CloseIdleAsync(before).ConfigureAwait(false);
        if (_branches.Count >= most)
        {
            outcomes.Refuse(index, Fault.Refused, string.Create(CultureInfo.InvariantCulture, $"{what} {named} would be one more than the {most} that one action may write to"));
            return null;
        }

        try
        {
            branch = new Branch(create(named), before);
        }
        catch (FaultException refused) when (refused.Fault == Fault.Refused)
        {
            outcomes.Refuse(index, Fault.Refused, refused.Message);
            return null;
        }

        _branches.Add(named, branch);
        branch.Begin(batch);
        await branch.Sink.OpenAsync(stop).ConfigureAwait(false);
        return branch;
    }

    /// <summary>Those that hold nothing of their own, and have nothing of this batch.</summary>
    private async ValueTask CloseIdleAsync(Checkpoint before)
    {
        foreach (var (named, branch) in _branches.Where(one => one.Value.Durable.Offset >= before.Offset && one.Value.Records.Count == 0).ToList())
        {
            _branches.Remove(named);
            branch.Records.Dispose();
            await branch.Sink.DisposeAsync().ConfigureAwait(false);
        }
    }

    private string? NameOf(RecordBatch batch, int index, Outcomes outcomes)
    {
        if (_name.TryRender(name, batch.Origin[batch.OriginOf(index)], context, out var text, out var reason)) return Encoding.UTF8.GetString(text);
        outcomes.Refuse(index, Fault.Unreadable, $"the name of {what}: {reason}");
        return null;
    }

    private sealed class Branch(ISink sink, Checkpoint durable)
    {
        public ISink Sink => sink;

        public Checkpoint Durable { get; set; } = durable;

        public RecordBatch Records { get; } = new();

        public List<int> Indexes { get; } = [];

        public Outcomes Outcomes { get; } = new();

        public void Begin(RecordBatch batch)
        {
            Records.ClearFor(batch);
            Indexes.Clear();
        }
    }
}
