using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Retained;

/// <summary>One level of topics that begin alike. Guarded by the store's lock.</summary>
internal sealed class RetainedNode
{
    private Dictionary<byte[], RetainedNode>? _children;

    public RetainedMessage? Message { get; set; }

    public bool IsEmpty => Message is null && _children is null;

    public IEnumerable<KeyValuePair<byte[], RetainedNode>> Children => _children ?? [];

    public RetainedNode? Child(ReadOnlySpan<byte> level)
    {
        if (_children is null) return null;
        return _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var child) ? child : null;
    }

    public RetainedNode ChildOrNew(ReadOnlySpan<byte> level)
    {
        if (Child(level) is { } found) return found;
        _children ??= new Dictionary<byte[], RetainedNode>(LevelComparer.Instance);
        return _children[level.ToArray()] = new RetainedNode();
    }

    public void Prune(ReadOnlySpan<byte> level)
    {
        _children!.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(level);
        if (_children.Count == 0) _children = null;
    }
}
