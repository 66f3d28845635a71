using System.Text;

namespace Millrace.Benchmarks.Reports;

/// <summary>Lines of a label and some figures, in columns. Never wrapped, so that it can be piped.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> _lines = [];

    /// <summary>A line without cells is a heading: it may be longer than the column of labels is wide.</summary>
    public void Add(string label, IEnumerable<string> cells) => _lines.Add([label, .. cells]);

    /// <summary>A line of figures; left out where no cell has one.</summary>
    public void Add(string label, IEnumerable<Spread?> cells)
    {
        var texts = cells.Select(static c => c?.ToString() ?? "").ToArray();
        if (texts.Any(static t => t.Length > 0)) Add(label, texts);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        var columns = _lines.Max(static l => l.Length);
        var widths = Enumerable.Range(0, columns).Select(i => _lines.Max(l => l.Length > 1 && i < l.Length ? l[i].Length : 0)).ToArray();
        foreach (var line in _lines)
        {
            var cells = line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            text.AppendLine(string.Join("   ", cells).TrimEnd());
        }

        return text.ToString();
    }
}
