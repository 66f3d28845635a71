using System.Numerics;
using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>The steps in which expressions of time change: times within one step have the same value in all of them.</summary>
/// <remarks>Microseconds are what DuckDB's functions of time count in; whole ones, so that what they leave out of a time lies within a step too.</remarks>
internal sealed class BucketSteps(Mention mention)
{
    private const long NsPerUs = 1000;
    private const long DayUs = 86_400_000_000;

    // DuckDB counts buckets of whole days and less from this Monday unless it is told otherwise.
    private const long Monday = 10_959 * DayUs;

    /// <summary>0 while no expression of time was met.</summary>
    public long WidthNs { get; private set; }

    public long OriginNs { get; private set; }

    /// <summary>Takes up an expression of time that changes in steps.</summary>
    /// <returns>Whether it is one.</returns>
    public bool Take(JsonElement node)
    {
        if (SyntaxTree.IsCast(node, out var type, out var child)) return type == "DATE" && IsTime(child) && Add(DayUs, 0);
        if (!SyntaxTree.IsCall(node, out var name, out var arguments)) return false;
        return (name, arguments.GetArrayLength()) switch
        {
            ("time_bucket", 2) => IsTime(arguments[1]) && ConstantTime.IntervalUs(arguments[0]) is { } width && Add(width, Monday),
            ("time_bucket", 3) => IsTime(arguments[1]) && ConstantTime.IntervalUs(arguments[0]) is { } width
                && ConstantTime.FixedNs(arguments[2]) is { } origin && origin % NsPerUs == 0 && Add(width, origin / NsPerUs),
            ("bin", 2) => IsTime(arguments[0]) && ConstantTime.IntervalUs(arguments[1]) is { } width && Add(width, 0),
            ("date_trunc", 2) => IsTime(arguments[1]) && SyntaxTree.IsConstant(arguments[0], out type, out var unit) && type == "VARCHAR"
                && ConstantTime.TruncatedUs(unit.GetString()!) is { } width && Add(width, 0),
            ("date", 1) => IsTime(arguments[0]) && Add(DayUs, 0),
            _ => false,
        };
    }

    private bool IsTime(JsonElement node) => mention.Column(node) is { Role: ColumnRole.Time };

    // Buckets of both must begin where a step does: so a step is what divides both widths, and the distance of the origins.
    private bool Add(long widthUs, long originUs)
    {
        if (widthUs <= 0 || widthUs > 10_000 * DayUs || originUs is < -(1L << 52) or > 1L << 52) return false;
        var (width, origin) = (widthUs * NsPerUs, originUs * NsPerUs);
        if (WidthNs == 0) (WidthNs, OriginNs) = (width, origin);
        else WidthNs = (long)BigInteger.GreatestCommonDivisor(BigInteger.GreatestCommonDivisor(WidthNs, width), (BigInteger)OriginNs - origin);
        return true;
    }
}
