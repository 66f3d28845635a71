using System.Globalization;
using System.Text;
using Millrace.Server.Queries;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Live;

/// <summary>Finds the new points of watched series by asking the tables, so that a chart shows what a query would.</summary>
internal sealed class SeriesWatches(QueryService queries)
{
    /// <returns>The points that came or changed since the last call, oldest first, as milliseconds since 1970 and value; null where the series cannot be asked now.</returns>
    public async Task<IReadOnlyList<double[]>?> NewPointsAsync(SeriesWatch watch, int limit, CancellationToken stop)
    {
        try
        {
            using var result = await queries.RunAsync(SqlOf(watch, limit), stop);
            var points = new List<double[]>(result.Count);
            foreach (var row in result.Rows())
            {
                if (row is not [long ns, { } value]) continue;
                var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                if (watch.IsNew(ns, number)) points.Add([ns / 1e6, number]);
            }

            watch.Trim();
            points.Reverse();
            return points;
        }
        catch (QueryException failed) when (failed.Error != QueryError.Cancelled)
        {
            // There is no such table or series yet, or the server is busy: the next call may find it.
            return null;
        }
    }

    private static string SqlOf(SeriesWatch watch, int limit)
    {
        var value = watch.Column is { } column
            ? $"CAST({Name(column)} AS DOUBLE)"
            : "coalesce(\"measure_value::double\", \"measure_value::bigint\", CAST(\"measure_value::boolean\" AS INTEGER))";
        var sql = new StringBuilder($"SELECT epoch_ns(time), {value} AS v FROM {Name(watch.Table.Database)}.{Name(watch.Table.Table)} WHERE measure_name = {Text(watch.Measure)}");
        foreach (var (name, text) in watch.Dimensions) sql.Append(CultureInfo.InvariantCulture, $" AND {Name(name)} = {Text(text)}");
        sql.Append(CultureInfo.InvariantCulture, $" AND time > make_timestamp_ns({watch.AfterNs}) AND v IS NOT NULL ORDER BY time DESC LIMIT {limit}");
        return sql.ToString();
    }

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
