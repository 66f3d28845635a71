using System.Text;
using Millrace.Contracts.Documents;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Retained;

/// <summary>The retained message of each topic, found by topic filter. Any thread may call.</summary>
/// <remarks>
/// Documents are written at checkpoints. What a checkpoint does not hold yet, the log does: <see cref="Floor"/> keeps the checkpoint from passing
/// messages that are in the log and not here.
/// </remarks>
internal sealed class RetainedStore(BrokerOptions options)
{
    public const string Collection = "retained";

    private readonly Lock _gate = new();
    private readonly RetainedNode _root = new();

    // Changed since the last checkpoint; also removals, so that one that comes late does not bring back what was removed after it.
    private readonly Dictionary<byte[], RetainedMessage> _changed = new(LevelComparer.Instance);
    private readonly List<LogPosition> _onTheirWay = [];
    private int _count;
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    /// <summary>Whether one more message of this size may be retained on a topic.</summary>
    public bool HasRoom(ReadOnlySpan<byte> topic, int size)
    {
        lock (_gate)
        {
            if (_count < options.MaxRetainedMessages && _bytes + size <= options.MaxRetainedBytes.Bytes) return true;
            return Find(topic) is { } old && _bytes - old.Size + size <= options.MaxRetainedBytes.Bytes;
        }
    }

    /// <summary>A retained message is about to be appended at this position or after it, and not here before <see cref="Put"/>.</summary>
    public void Begin(LogPosition notBefore)
    {
        lock (_gate) _onTheirWay.Add(notBefore);
    }

    /// <summary>What was begun is over: put in, or not appended at all.</summary>
    public void End(LogPosition notBefore)
    {
        lock (_gate) _onTheirWay.Remove(notBefore);
    }

    /// <returns>The smaller of an offset and where the oldest message stands that may be in the log and is not here.</returns>
    public long Floor(int partition, long offset)
    {
        lock (_gate)
        {
            foreach (var position in _onTheirWay)
                if (position.Partition == partition) offset = Math.Min(offset, position.Offset);
        }

        return offset;
    }

    /// <summary>The message takes the place of the one before it on its topic, or, without a payload, only removes that one.</summary>
    public void Put(RetainedMessage message)
    {
        lock (_gate)
        {
            if (_changed.TryGetValue(message.Topic, out var changed) && !message.IsAfter(changed)) return;
            if (Find(message.Topic) is { } old)
            {
                if (!message.IsAfter(old)) return;
                _count--;
                _bytes -= old.Size;
            }
            else if (message.IsRemoval && message.Position.IsNone)
            {
                return;
            }

            if (!message.Position.IsNone) _changed[message.Topic] = message;
            if (message.IsRemoval)
            {
                Remove(_root, message.Topic);
                return;
            }

            Node(message.Topic).Message = message;
            _count++;
            _bytes += message.Size;
        }
    }

    /// <summary>All whose topic matches a valid filter.</summary>
    public void Collect(ReadOnlySpan<byte> filter, List<RetainedMessage> into)
    {
        lock (_gate) Collect(_root, filter, isTop: true, into);
    }

    public void Restore(IDocumentStore documents)
    {
        foreach (var (topic, document) in documents.List(Collection))
        {
            if (RetainedMessage.FromDocument(Encoding.UTF8.GetBytes(topic), document) is not { } message) continue;
            lock (_gate)
            {
                Node(message.Topic).Message = message;
                _count++;
                _bytes += message.Size;
            }
        }
    }

    public static DocumentChange ChangeOf(RetainedMessage message) =>
        new(Collection, Encoding.UTF8.GetString(message.Topic), message.IsRemoval ? null : message.Document);

    /// <summary>What changed since the last time; whoever takes it writes it, or gives it to <see cref="PutBack"/>.</summary>
    public IReadOnlyList<RetainedMessage> TakeChanges()
    {
        lock (_gate)
        {
            RetainedMessage[] taken = [.. _changed.Values];
            _changed.Clear();
            return taken;
        }
    }

    /// <summary>What was taken could not be written: it is among the changes of the next time.</summary>
    public void PutBack(IReadOnlyList<RetainedMessage> changes)
    {
        lock (_gate)
            foreach (var message in changes) _changed.TryAdd(message.Topic, message);
    }

    private RetainedMessage? Find(ReadOnlySpan<byte> topic)
    {
        var node = _root;
        foreach (var level in topic.Split((byte)'/'))
        {
            if (node.Child(topic[level]) is not { } child) return null;
            node = child;
        }

        return node.Message;
    }

    private RetainedNode Node(ReadOnlySpan<byte> topic)
    {
        var node = _root;
        foreach (var level in topic.Split((byte)'/')) node = node.ChildOrNew(topic[level]);
        return node;
    }

    private static void Remove(RetainedNode node, ReadOnlySpan<byte> topic)
    {
        var end = topic.IndexOf((byte)'/');
        var level = end < 0 ? topic : topic[..end];
        if (node.Child(level) is not { } child) return;
        if (end < 0) child.Message = null;
        else Remove(child, topic[(end + 1)..]);
        if (child.IsEmpty) node.Prune(level);
    }

    private static void Collect(RetainedNode node, ReadOnlySpan<byte> filter, bool isTop, List<RetainedMessage> into)
    {
        if (filter.SequenceEqual("#"u8))
        {
            // "a/#" also stands for "a"; "#" alone has nothing above it.
            if (!isTop && node.Message is { } here) into.Add(here);
            foreach (var (level, child) in node.Children)
                if (!isTop || !IsHidden(level)) Collect(child, "#"u8, isTop: false, into);
            return;
        }

        var end = filter.IndexOf((byte)'/');
        var first = end < 0 ? filter : filter[..end];
        var rest = end < 0 ? default : filter[(end + 1)..];
        if (!first.SequenceEqual("+"u8))
        {
            if (node.Child(first) is { } child) Step(child, rest, end < 0, into);
            return;
        }

        foreach (var (level, child) in node.Children)
            if (!isTop || !IsHidden(level)) Step(child, rest, end < 0, into);
    }

    private static void Step(RetainedNode node, ReadOnlySpan<byte> rest, bool isEnd, List<RetainedMessage> into)
    {
        if (!isEnd) Collect(node, rest, isTop: false, into);
        else if (node.Message is { } message) into.Add(message);
    }

    /// <summary>[MQTT-4.7.2-1] A filter that starts with a wildcard does not match names that start with '$'.</summary>
    private static bool IsHidden(byte[] level) => level.Length > 0 && level[0] == '$';
}
