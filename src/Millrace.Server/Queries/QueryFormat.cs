namespace Millrace.Server.Queries;

/// <summary>How an answer is written.</summary>
internal enum QueryFormat
{
    /// <summary>One object: columns, rows as arrays, and whether these are all.</summary>
    Json,

    /// <summary>RFC 4180, with a heading. Nothing for null, <c>""</c> for an empty text.</summary>
    Csv,

    /// <summary>An object a line.</summary>
    JsonLines,

    /// <summary>A file, which begins when the query has ended.</summary>
    Parquet,
}
