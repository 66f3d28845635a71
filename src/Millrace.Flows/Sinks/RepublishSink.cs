using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Publishes to an MQTT topic. A batch that is carried twice is published twice.</summary>
/// <param name="publisher">Where to.</param>
/// <param name="options">Checked.</param>
/// <param name="topic">The template of <see cref="RepublishSinkOptions.Published"/>.</param>
/// <param name="headers">Null where the options have none.</param>
/// <param name="context">Of this sink.</param>
internal sealed class RepublishSink(
    IPublisher publisher, RepublishSinkOptions options, Template topic, HeaderTemplates? headers, RuleContext context) : ISink
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
        {
            if (TopicOf(batch, i, outcomes) is not { } name || !TryHeaders(batch, i, outcomes, out var properties)) continue;
            _sending.Add((i, publisher.PublishAsync(name, batch[i].Payload.ToArray(), options.Qos, options.Retain, properties, stop).AsTask()));
        }

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
        if (!_topic.TryRender(topic, batch.Origin[batch.OriginOf(index)], context, out var name, out var reason))
        {
            outcomes.Refuse(index, Fault.Unreadable, $"the topic to publish to: {reason}");
            return null;
        }

        // What a device sends must not become a shadow or a rule's topic that the rule's author did not ask for.
        if (name is not [(byte)'$', ..] || options.IsReserved) return Encoding.UTF8.GetString(name);
        outcomes.Refuse(index, Fault.Refused, $"the topic to publish to, {options.Topic}, becomes one that begins with $: those are reserved");
        return null;
    }

    private bool TryHeaders(RecordBatch batch, int index, Outcomes outcomes, out PublishProperties? properties)
    {
        properties = null;
        if (headers is null || headers.TryRender(batch.Origin[batch.OriginOf(index)], context, out properties, out var reason)) return true;
        outcomes.Refuse(index, Fault.Unreadable, reason);
        return false;
    }
}
