using System.Text;

namespace Millrace.Sql.Rules;

/// <summary>Takes filters one by one and makes a <see cref="TopicTree{T}"/> of them.</summary>
internal sealed class TopicTreeBuilder<T>
{
    private readonly List<Draft> _drafts = [new(level: 0)];
    private readonly Dictionary<(int Node, string Name), int> _names = [];

    /// <param name="filter">A valid filter.</param>
    public void Add(string filter, T value)
    {
        var node = 0;
        foreach (var level in filter.Split('/'))
        {
            if (level == "#")
            {
                _drafts[node].Below.Add(value);
                return;
            }

            node = level == "+" ? Plus(node) : Named(node, level);
        }

        _drafts[node].Here.Add(value);
    }

    public TopicTree<T> Build()
    {
        var values = new List<T>();
        var nodes = new TopicTreeNode[_drafts.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i].Plus = _drafts[i].Plus;
            nodes[i].Here = Take(_drafts[i].Here, values);
            nodes[i].Below = Take(_drafts[i].Below, values);
        }

        var names = new TopicTreeNames([.. _names.Select(static pair => (pair.Key.Node, Encoding.UTF8.GetBytes(pair.Key.Name), pair.Value))], nodes);
        return new TopicTree<T>(nodes, names, [.. values], Widest());
    }

    private static TopicTreeRange Take(List<T> some, List<T> all)
    {
        var range = new TopicTreeRange(all.Count, some.Count);
        all.AddRange(some);
        return range;
    }

    private int Plus(int node)
    {
        if (_drafts[node].Plus == 0) _drafts[node].Plus = New(node);
        return _drafts[node].Plus;
    }

    private int Named(int node, string name)
    {
        if (_names.TryGetValue((node, name), out var known)) return known;
        var child = New(node);
        _names.Add((node, name), child);
        return child;
    }

    private int New(int parent)
    {
        _drafts.Add(new Draft(_drafts[parent].Level + 1));
        return _drafts.Count - 1;
    }

    /// <summary>How many nodes of one level a topic can reach at most: from each, one by its name and one by <c>+</c>.</summary>
    private int Widest()
    {
        var widest = 1L;
        var before = 1L;
        foreach (var count in _drafts.CountBy(static draft => draft.Level).OrderBy(static pair => pair.Key).Select(static pair => pair.Value))
        {
            before = Math.Min(2 * before, count);
            widest = Math.Max(widest, before);
        }

        return (int)widest;
    }

    private sealed class Draft(int level)
    {
        public int Level { get; } = level;

        public int Plus { get; set; }

        public List<T> Here { get; } = [];

        public List<T> Below { get; } = [];
    }
}
