using System.Globalization;

namespace Millrace.Benchmarks.Series.Questions;

/// <summary>Times as SQL has them.</summary>
internal static class SqlTime
{
    /// <summary>As <c>2016-01-01 00:00:00</c>, in UTC.</summary>
    public static string Of(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
