using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Publishes to an MQTT topic. A batch that is carried twice is published twice.</summary>
internal sealed class RepublishSink(IPublisher publisher, RepublishSinkOptions options, Template topic, RuleContext context) : ISink
{
    private readonly RenderBuffer _topic = new();
    private readonly List<(int Index, Task Sent)> _sending = [];

    public bool IsDoneWhenWritten => true;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        // All are on their way before the first is waited for: they share a commit, and keep their order in the log.
        _sending.Clear();
        for (var i = 0; i < batch.Count; i++)
            if (TopicOf(batch, i, outcomes) is { } name)
                _sending.Add((i, publisher.PublishAsync(name, batch[i].Payload.ToArray(), options.Qos, options.Retain, stop).AsTask()));
        foreach (var (index, sent) in _sending)
        {
            try
            {
                await sent.ConfigureAwait(false);
            }
            catch (FaultException refused) when (refused.Fault == Fault.Refused)
            {
                outcomes.Refuse(index, Fault.Refused, refused.Message);
            }
        }
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop) => new(reached);

    public ValueTask DisposeAsync() => default;

    private string? TopicOf(RecordBatch batch, int index, Outcomes outcomes)
    {
        if (_topic.TryRender(topic, batch.Origin[batch.OriginOf(index)], context, out var name, out var reason)) return Encoding.UTF8.GetString(name);
        outcomes.Refuse(index, Fault.Unreadable, $"the topic to publish to: {reason}");
        return null;
    }
}
