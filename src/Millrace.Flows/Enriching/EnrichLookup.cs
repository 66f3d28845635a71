using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Rules;
using Millrace.Flows.Options;

namespace Millrace.Flows.Enriching;

/// <summary>Finds what a step adds, by key: a JSON object, or null.</summary>
internal delegate byte[]? EnrichLookup(ReadOnlySpan<byte> key);

/// <summary>Look-ups by the options of a step.</summary>
internal static class EnrichLookups
{
    /// <exception cref="FaultException">Refused: there is nothing here of that kind.</exception>
    public static EnrichLookup Of(EnrichSource source, IReferenceTables? tables, ILookups? lookups)
    {
        if (source is EnrichTable table) return (tables ?? throw Nothing("reference files: start the server with --reference DIR")).Open(table.File, table.Key).Find;
        var at = lookups ?? throw Nothing("registry, shadows or collections");
        return source switch
        {
            EnrichRegistry => key => at.Thing("DescribeThing", Encoding.UTF8.GetString(key)),
            EnrichShadow shadow => key => at.Shadow(Encoding.UTF8.GetString(key), shadow.Name),
            EnrichCollection collection => key => at.Document(collection.Name, Encoding.UTF8.GetString(key)),
            _ => throw new ArgumentException($"nothing is known of {source.GetType().Name}", nameof(source)),
        };
    }

    private static FaultException Nothing(string what) => new(Fault.Refused, $"an enrich step cannot look things up: there are no {what}");
}
