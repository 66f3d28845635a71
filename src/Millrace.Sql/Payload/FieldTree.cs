using System.Text;

namespace Millrace.Sql.Payload;

/// <summary>The names of wanted fields, by level: <c>a.b</c> and <c>a.c</c> share <c>a</c>.</summary>
internal sealed class FieldTree
{
    private FieldTree[] _children = [];

    private FieldTree(byte[] name) => Name = name;

    public byte[] Name { get; }

    /// <summary>The field's number, or -1 where the name is only on the way to others.</summary>
    public int Field { get; private set; } = -1;

    /// <summary>What objects looked like in which the names of this level were looked for.</summary>
    public Shape Shape => field ??= new Shape();

    public bool HasChildren => _children.Length > 0;

    /// <param name="paths">The names of each field from the outermost on.</param>
    /// <exception cref="ArgumentException">A path is empty, there twice, or deeper than JSON may be.</exception>
    public static FieldTree Of(IReadOnlyList<string[]> paths)
    {
        var root = new FieldTree([]);
        for (var i = 0; i < paths.Count; i++)
        {
            var path = string.Join('.', paths[i]);
            if (paths[i].Length is 0 or >= JsonScanner.MaxDepth) throw new ArgumentException($"'{path}' is not a field's path", nameof(paths));
            var node = root;
            foreach (var step in paths[i]) node = node.Add(Encoding.UTF8.GetBytes(step));
            if (node.Field >= 0) throw new ArgumentException($"field '{path}' is there twice", nameof(paths));
            node.Field = i;
        }

        return root;
    }

    public FieldTree? Find(ReadOnlySpan<byte> name)
    {
        foreach (var child in _children)
            if (name.SequenceEqual(child.Name)) return child;
        return null;
    }

    /// <summary>Forgets what an earlier member of the same name gave: the last of them counts.</summary>
    public void Clear(FieldPlace[] places)
    {
        if (Field >= 0) places[Field] = default;
        foreach (var child in _children) child.Clear(places);
    }

    private FieldTree Add(byte[] name)
    {
        if (Find(name) is { } known) return known;
        var child = new FieldTree(name);
        _children = [.. _children, child];
        return child;
    }
}
