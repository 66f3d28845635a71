using System.Text.RegularExpressions;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;

namespace Millrace.Server.Tables;

/// <summary>Which flows write to a table.</summary>
internal static partial class TableWriters
{
    /// <summary>Names of enabled flows that write to the table, or may by a template.</summary>
    public static IReadOnlyList<string> Of(TableName table, IEnumerable<FlowOptions> flows) =>
        [.. flows.Where(flow => flow.Enabled && flow.Sinks.Append(flow.ErrorSink).Any(sink => Writes(sink, table.ToString()))).Select(static flow => flow.Name)];

    private static bool Writes(SinkOptions? sink, string table) => sink switch
    {
        SeriesSinkOptions series => Fits(series.Table, table),
        TimestreamSinkOptions timestream => Fits(timestream.Table, table),
        _ => false,
    };

    private static bool Fits(string template, string table)
    {
        var parts = Placeholder().Split(template);
        return parts.Length == 1
            ? template == table
            : Regex.IsMatch(table, $"^{string.Join(".*", parts.Select(Regex.Escape))}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    [GeneratedRegex(@"\$\{[^}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
