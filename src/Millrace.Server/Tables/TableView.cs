using Millrace.Contracts.Tables;
using Millrace.Storage.Series;

namespace Millrace.Server.Tables;

/// <summary>A table as it is now.</summary>
/// <param name="Listing">From the store.</param>
/// <param name="Declared">The options that the pipeline file names, which cannot be changed at run time.</param>
internal sealed record TableView(TableListing Listing, IReadOnlyList<string> Declared)
{
    public TableName Name => Listing.Name;
}
