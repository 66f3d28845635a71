using System.Globalization;
using Millrace.Storage.Series.Query;

namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>Asks a statement as it is written, and as it is planned.</summary>
internal static class PlannedAnswers
{
    // What $latest shows, as it can be written without it.
    private const string Newest = "(SELECT * FROM fleet.telemetry QUALIFY row_number() OVER (PARTITION BY vin, region, capacity, measure_name ORDER BY time DESC) = 1)";

    public static async Task SameAsync(SeriesRig rig, string sql, bool ordered = false)
    {
        rig.Store.PlansQueries = false;
        var plain = await AnswerAsync(rig, sql.Replace(SomeStatement.Latest, Newest, StringComparison.Ordinal), ordered);
        rig.Store.PlansQueries = true;
        var planned = await AnswerAsync(rig, sql, ordered);
        var other = plain.Zip(planned).FirstOrDefault(static pair => pair.First != pair.Second);
        Assert.True(plain.SequenceEqual(planned), $"{sql}\nas it is written, {plain.Length} lines: {other.First}\nplanned, {planned.Length} lines: {other.Second}");
    }

    // Sums of doubles but for their last digits.
    public static string Text(object? value) => value switch
    {
        null => "null",
        double number => number.ToString("G10", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // Rows in any order, where the statement says none.
    private static async Task<string[]> AnswerAsync(SeriesRig rig, string sql, bool ordered)
    {
        try
        {
            using var result = await rig.Store.QueryAsync(sql, TestContext.Current.CancellationToken);
            var names = string.Join(", ", result.Columns.Select(static column => $"{column.Name} {column.Type}"));
            var rows = result.Rows().Select(static row => string.Join('|', row.Select(Text)));
            return [names, .. ordered ? rows : rows.Order(StringComparer.Ordinal)];
        }
        catch (QueryException refused)
        {
            return [refused.Error.ToString(), refused.Message];
        }
    }
}
