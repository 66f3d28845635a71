using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;

namespace Millrace.Flows.Running;

/// <summary>Counts messages of Basic Ingest that name a flow that is not there: once each, by the flow that comes to them first.</summary>
/// <remarks>
/// The count of a partition is kept with the position up to which it was looked at, and saved with it about every second, before a flow's own checkpoint:
/// after a crash both go back together. What only a flow that begins at the end of the log has passed is not looked at.
/// </remarks>
public sealed partial class StrayMessages
{
    private const int MaxNamesLogged = 1000;

    private readonly ICheckpointStore _checkpoints;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Checkpoint> _reached = [];
    private readonly Dictionary<int, Checkpoint> _saved = [];
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);
    private HashSet<string> _flows = new(StringComparer.Ordinal);

    internal StrayMessages(ICheckpointStore checkpoints, ILogger logger)
    {
        (_checkpoints, _logger) = (checkpoints, logger);
    }

    /// <summary>All of them, from the first day.</summary>
    internal long Count
    {
        get
        {
            lock (_gate) return _reached.Values.Sum(static reached => reached.Counts.PassedOver);
        }
    }

    /// <summary>The flows that messages may name from now on.</summary>
    internal void Expect(IEnumerable<string> flows)
    {
        lock (_gate)
        {
            _flows = new HashSet<string>(flows, StringComparer.Ordinal);
            _logged.ExceptWith(_flows);
        }
    }

    /// <summary>A flow reads a frame of the ingress log.</summary>
    internal void Look(int partition, RecordBatch messages)
    {
        lock (_gate)
        {
            var reached = ReachedIn(partition);
            if (messages.Through <= reached.Offset) return;
            var strays = 0;
            for (var i = 0; i < messages.Count; i++)
            {
                var message = messages[i];
                if (BasicIngestTopic.Is(message.Topic) && message.Offset >= reached.Offset && IsStray(message.Topic)) strays++;
            }

            var counts = reached.Counts with { PassedOver = reached.Counts.PassedOver + strays };
            _reached[partition] = new Checkpoint(messages.Through, counts);
        }
    }

    /// <summary>A flow is about to note how far it is.</summary>
    internal void Save(int partition)
    {
        lock (_gate)
        {
            var reached = ReachedIn(partition);
            if (reached.Counts == _saved[partition].Counts) return;
            _checkpoints.Save(KeyOf(partition), reached);
            _saved[partition] = reached;
        }
    }

    // No flow can have this name.
    private static string KeyOf(int partition) => $"$aws/rules/{partition}";

    private Checkpoint ReachedIn(int partition)
    {
        if (_reached.TryGetValue(partition, out var reached)) return reached;
        return _saved[partition] = _reached[partition] = _checkpoints.Load(KeyOf(partition)) ?? default;
    }

    private bool IsStray(ReadOnlySpan<byte> topic)
    {
        var name = Encoding.UTF8.GetString(BasicIngestTopic.Split(topic, out _));
        if (_flows.Contains(name)) return false;

        // Names come from devices: what is logged is what a flow could be called, and has an end.
        if (!name.IsPlainName()) name = "(a name that no flow can have)";
        if (_logged.Count < MaxNamesLogged && _logged.Add(name)) LogRuleNotFound(name);
        return true;
    }

    [LoggerMessage(
        EventId = 305, Level = LogLevel.Warning,
        Message = "A message was sent to flow {Flow} by name ($aws/rules/…), and no such flow reads what devices publish: it is counted, and stays in the log")]
    private partial void LogRuleNotFound(string flow);
}
