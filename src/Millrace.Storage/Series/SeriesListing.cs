using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>One series, from memory.</summary>
/// <param name="Dimensions">Names and values; a dimension that the series has not is not named.</param>
/// <param name="MeasureName">Its measure.</param>
/// <param name="Type">Type of its value; null where its records are multi-measure.</param>
/// <param name="NewestNs">Time of its newest point, nanoseconds since 1970.</param>
/// <param name="Latest">The newest point's value, where it is a number (or 0 and 1 for false and true).</param>
public sealed record SeriesListing(
    IReadOnlyDictionary<string, string> Dimensions, string MeasureName, MeasureType? Type, long NewestNs, double? Latest);
