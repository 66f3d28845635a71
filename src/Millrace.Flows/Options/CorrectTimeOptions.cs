using Millrace.Contracts;
using Millrace.Sql.Payload;

namespace Millrace.Flows.Options;

/// <summary>Replaces a time that is too far ahead of the record's arrival by the arrival, in the same unit. Other records pass unchanged.</summary>
public sealed record CorrectTimeOptions : StepOptions
{
    public override string Kind => "correct-time";

    /// <summary>The field that holds the time: a number in <see cref="Unit"/>, decimals allowed, or text.</summary>
    public required string Field { get; init; }

    public TimeUnit Unit { get; init; } = TimeUnit.Milliseconds;

    /// <summary>How far ahead a clock may be before it is not believed.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromMinutes(15);

    public override IEnumerable<Problem> Check()
    {
        if (Field.Length == 0) yield return new("field", "must name the field that holds the time");
        if (Ahead < TimeSpan.Zero) yield return new("ahead", "must not be negative");
    }
}
