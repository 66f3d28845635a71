namespace Millrace.Flows.Metrics;

/// <summary>The numbers that rules add to. In memory: they begin anew with each start. Any thread may call.</summary>
public sealed class RuleMetrics
{
    /// <summary>Names there may be: they come from devices.</summary>
    public const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<MetricName, MetricValue> _values = [];

    /// <returns>In order of their names.</returns>
    public IReadOnlyList<MetricValue> Read()
    {
        lock (_gate)
            return
            [
                .. _values.Values.OrderBy(static value => value.Name.Namespace, StringComparer.Ordinal)
                    .ThenBy(static value => value.Name.Name, StringComparer.Ordinal).ThenBy(static value => value.Name.Unit, StringComparer.Ordinal),
            ];
    }

    /// <returns>False where it would be a name too many.</returns>
    public bool TryAdd(MetricName name, double value, double seconds)
    {
        lock (_gate)
        {
            if (!_values.TryGetValue(name, out var before))
            {
                if (_values.Count >= Most) return false;
                before = new MetricValue(name, 0, 0, value, double.NegativeInfinity);
            }

            var isLater = seconds >= before.LastSeconds;
            _values[name] = before with
            {
                Sum = before.Sum + value,
                Count = before.Count + 1,
                Last = isLater ? value : before.Last,
                LastSeconds = isLater ? seconds : before.LastSeconds,
            };
            return true;
        }
    }
}
