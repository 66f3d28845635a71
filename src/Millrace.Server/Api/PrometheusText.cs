using System.Globalization;
using System.Text;

namespace Millrace.Server.Api;

/// <summary>Writes metrics in Prometheus' text format, version 0.0.4.</summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder _text = new();
    private string _family = "";

    public void Counter(string name, string help, double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Sample(name, "counter", help, value, labels);

    public void Gauge(string name, string help, double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        Sample(name, "gauge", help, value, labels);

    /// <param name="bounds">Of the buckets, ascending; one more than there are bounds holds what is beyond.</param>
    public void Histogram(string name, string help, IReadOnlyList<double> bounds, IReadOnlyList<long> buckets, double sum, (string Name, string Value) label)
    {
        var below = 0L;
        for (var i = 0; i <= bounds.Count; i++)
        {
            below += buckets[i];
            var bound = i < bounds.Count ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            Sample(name, "histogram", help, below, [label, ("le", bound)], "_bucket");
        }

        Sample(name, "histogram", help, sum, [label], "_sum");
        Sample(name, "histogram", help, below, [label], "_count");
    }

    public override string ToString() => _text.ToString();

    // Samples of a family stand together; the caller writes them so.
    private void Sample(string name, string type, string help, double value, ReadOnlySpan<(string Name, string Value)> labels, string suffix = "")
    {
        if (_family != name)
        {
            _family = name;
            _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
            _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        }

        _text.Append(name).Append(suffix);
        for (var i = 0; i < labels.Length; i++)
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escaped(labels[i].Value)).Append('"');
        if (labels.Length > 0) _text.Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
