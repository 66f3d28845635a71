using Millrace.Sql.Payload;

namespace Millrace.Sql.Rules;

/// <summary>The fields of the payload that a statement speaks of, each once, with their numbers.</summary>
internal sealed class FieldSet
{
    private readonly List<string[]> _paths = [];
    private readonly Dictionary<string, int> _numbers = [];

    public int Count => _paths.Count;

    public IReadOnlyList<string[]> Paths => _paths;

    /// <summary>Whether the statement writes all members of the payload.</summary>
    public bool KeepsMembers { get; set; }

    /// <param name="path">The names from the outermost on; a name may hold any character, a dot too.</param>
    public int Add(params string[] path)
    {
        var key = $"{path.Length}\0{string.Join('\0', path)}";
        if (_numbers.TryGetValue(key, out var number)) return number;
        _numbers.Add(key, _paths.Count);
        _paths.Add(path);
        return _paths.Count - 1;
    }

    public FieldReader NewReader() => new(_paths, KeepsMembers);
}
