using Millrace.Sql.Payload;

namespace Millrace.Sql.Rules;

/// <summary>The fields of the payload that a statement speaks of, each once, with their numbers.</summary>
internal sealed class FieldSet
{
    private readonly List<string> _paths = [];
    private readonly Dictionary<string, int> _numbers = [];

    public int Count => _paths.Count;

    /// <summary>Whether the statement writes all members of the payload.</summary>
    public bool KeepsMembers { get; set; }

    public int Add(string path)
    {
        if (_numbers.TryGetValue(path, out var number)) return number;
        _numbers.Add(path, _paths.Count);
        _paths.Add(path);
        return _paths.Count - 1;
    }

    public FieldReader NewReader() => new(_paths.ToArray(), KeepsMembers);
}
