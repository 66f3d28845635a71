using System.Globalization;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>Names for formats in which a name can be there once.</summary>
internal static class ColumnNames
{
    /// <summary>A column's name that comes again gets a number.</summary>
    public static IEnumerable<string> Unique(IReadOnlyList<QueryColumn> columns)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in columns.Select(static column => column.Name))
        {
            var times = seen[name] = seen.GetValueOrDefault(name) + 1;
            yield return times == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{times}");
        }
    }
}
