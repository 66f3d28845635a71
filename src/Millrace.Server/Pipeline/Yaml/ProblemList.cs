using Millrace.Contracts;

namespace Millrace.Server.Pipeline.Yaml;

/// <summary>Gathers what is wrong with one YAML file, and knows where in the file each setting stands.</summary>
internal sealed class ProblemList
{
    private const int Most = 100;

    private readonly Dictionary<string, YamlNode> _places = [];
    private readonly HashSet<(string, int, int)> _told = [];
    private readonly List<Problem> _problems = [];

    /// <summary>The file, for positions within a text.</summary>
    public string Text { get; set; } = "";

    public int Count => _problems.Count;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Problem> Sorted() => [.. _problems.OrderBy(static p => p.Line).ThenBy(static p => p.Column)];

    public void Place(string where, YamlNode node) => _places.TryAdd(where, node);

    public void Add(string where, string what, YamlNode at) => Add(where, what, at.Line, at.Column);

    /// <summary>One setting is told about once: what is missing needs no second word about being empty.</summary>
    public void Add(string where, string what, int line, int column)
    {
        if (_problems.Count > Most || !_told.Add((where, line, column))) return;
        _problems.Add(_problems.Count < Most
            ? new Problem(where, what, line, column)
            : new Problem(where, $"and more: only the first {Most} mistakes are listed", line, column));
    }

    /// <summary>
    /// Adds what an option record says about itself, under the place its settings have in the file. Its line and column, if any, count
    /// within the text of the setting.
    /// </summary>
    public void AddChecked(string prefix, IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            var where = prefix.Length == 0 ? problem.Where : $"{prefix}.{problem.Where}";
            var node = Nearest(where);
            if (problem.Line > 0 && node is ScalarNode scalar)
            {
                var (line, column) = TextPosition.InFile(Text, scalar, problem.Line, problem.Column);
                Add(where, problem.What, line, column);
            }
            else
            {
                Add(where, problem.What, node?.Line ?? 1, node?.Column ?? 1);
            }
        }
    }

    private YamlNode? Nearest(string where)
    {
        while (true)
        {
            if (_places.TryGetValue(where, out var node)) return node;
            var dot = where.LastIndexOf('.');
            if (dot < 0) return null;
            where = where[..dot];
        }
    }
}
