using Millrace.Contracts;
using Millrace.Sql.Payload;

namespace Millrace.Flows.Options;

/// <summary>Where the time of a point stands in its record.</summary>
/// <param name="Field">Holds text (<c>2018-02-15 08:20:18.000000000</c>, ISO 8601; UTC where it names no zone) or a number since 1970.</param>
/// <param name="Unit">Of a number; decimals allowed.</param>
public sealed record TimeOptions(string Field, TimeUnit Unit = TimeUnit.Milliseconds)
{
    public IEnumerable<Problem> Check()
    {
        if (Field.Length == 0) yield return new("field", "must name the field that holds the time");
    }
}
