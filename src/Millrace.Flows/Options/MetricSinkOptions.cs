using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Into the numbers at <c>/metrics</c>. All of it are templates.</summary>
public sealed record MetricSinkOptions : SinkOptions
{
    /// <summary>CloudWatch's units.</summary>
    public static IReadOnlyCollection<string> Units { get; } =
    [
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits",
        "Percent", "Count", "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second",
        "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None",
    ];

    public override string Kind => "metric";

    public override string Target => $"{Namespace}/{Name}";

    public override string ActionName => "CloudwatchMetricAction";

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Gives a number.</summary>
    public required string Value { get; init; }

    /// <summary>One of <see cref="Units"/>.</summary>
    public string Unit { get; init; } = "None";

    /// <summary>Gives seconds since 1970; null: the arrival of the message.</summary>
    public string? Time { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        Needs(Namespace, "namespace");
        Needs(Name, "name");
        Needs(Value, "value");
        if (!Unit.Contains("${", StringComparison.Ordinal) && !Units.Contains(Unit)) problems.Add(new("unit", $"must be one of {string.Join(", ", Units)}"));
        else Needs(Unit, "unit");
        if (Time is not null) Needs(Time, "time");
        return problems;

        void Needs(string text, string where)
        {
            if (Templates.Sample(text, where, problems).Length == 0) problems.Add(new(where, "must not be empty"));
        }
    }
}
