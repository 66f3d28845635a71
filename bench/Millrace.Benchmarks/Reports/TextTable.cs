using System.Text;

namespace Millrace.Benchmarks.Reports;

/// <summary>Lines of a label and some figures, in columns. Never wrapped, so that it can be piped.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> _lines = [];

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
        var widths = Enumerable.Range(0, _lines.Max(static l => l.Length)).Select(i => _lines.Max(l => i < l.Length ? l[i].Length : 0)).ToArray();
        foreach (var line in _lines)
        {
            var cells = line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            text.AppendLine(string.Join("   ", cells).TrimEnd());
        }

        return text.ToString();
    }
}
