using System.Globalization;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Metrics;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Adds a number of each record to the numbers that <c>/metrics</c> shows. A batch that is carried twice counts twice.</summary>
internal sealed class MetricSink(RuleMetrics metrics, MetricSinkOptions options, Func<string, Template> compile, RuleContext context) : ISink
{
    private const int LongestName = 255;

    private readonly RenderBuffer _buffer = new();
    private readonly Template _namespace = compile(options.Namespace);
    private readonly Template _name = compile(options.Name);
    private readonly Template _value = compile(options.Value);
    private readonly Template _unit = compile(options.Unit);
    private readonly Template? _time = options.Time is { } time ? compile(time) : null;

    public bool IsDoneWhenWritten => true;

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => default;

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            try
            {
                if (Add(batch.Origin[batch.OriginOf(i)]) is { } refused) outcomes.Refuse(i, Fault.Refused, refused);
            }
            catch (FormatException wrong)
            {
                outcomes.Refuse(i, Fault.Unreadable, wrong.Message);
            }
        }

        return default;
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop) => new(reached);

    public ValueTask DisposeAsync() => default;

    /// <returns>Why there is no room for it; null where it was added.</returns>
    private string? Add(in Record origin)
    {
        var name = new MetricName(Named(_namespace, "namespace", origin), Named(_name, "name", origin), Text(_unit, "unit", origin));
        if (!MetricSinkOptions.Units.Contains(name.Unit)) throw new FormatException($"the metric's unit becomes '{Short(name.Unit)}'; it is one of {string.Join(", ", MetricSinkOptions.Units)}");
        var value = Number(_value, "value", origin);
        var seconds = _time is null ? origin.ArrivalNs / 1e9 : Number(_time, "timestamp", origin);
        return metrics.TryAdd(name, value, seconds) ? null : $"the metric {name.Namespace}/{name.Name} would be one more than the {RuleMetrics.Most} there may be";
    }

    private string Named(Template template, string what, in Record origin) =>
        Text(template, what, origin) is { Length: > 0 and <= LongestName } text ? text : throw new FormatException($"the metric's {what} must have 1 to {LongestName} characters");

    private double Number(Template template, string what, in Record origin)
    {
        var text = Text(template, what, origin);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new FormatException($"the metric's {what} becomes '{Short(text)}', which is no number");
    }

    private string Text(Template template, string what, in Record origin) =>
        _buffer.TryRender(template, origin, context, out var text, out var reason) ? Encoding.UTF8.GetString(text) : throw new FormatException($"the metric's {what}: {reason}");

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
