namespace Millrace.Contracts.Objects;

/// <summary>What the files of a lake are.</summary>
public enum LakeFormat
{
    /// <summary>Lines of JSON, compressed with gzip; what is no JSON is in them in Base64.</summary>
    JsonLines,

    /// <summary>Tables of columns. Takes records that are JSON objects.</summary>
    Parquet,
}
