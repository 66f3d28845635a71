namespace Millrace.Storage.Series.Query;

/// <summary>An answer as a file without a name: it is gone when this is disposed.</summary>
public sealed class QueryFile : IAsyncDisposable
{
    internal QueryFile(Stream content, long rows) => (Content, Rows) = (content, rows);

    /// <summary>Its bytes.</summary>
    public Stream Content { get; }

    public long Rows { get; }

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
