namespace Millrace.Storage.Lake.Parquet;

/// <summary>What values of a field have been seen; of null nothing is.</summary>
[Flags]
internal enum ValueKinds
{
    None = 0,
    Boolean = 1,

    /// <summary>A whole number that both a 64-bit integer and a double hold exactly.</summary>
    Whole = 2,

    /// <summary>A whole number that only a 64-bit integer holds exactly.</summary>
    LargeWhole = 4,

    /// <summary>A number with a fraction or an exponent, within the range of a double.</summary>
    Fraction = 8,

    /// <summary>A text, an array, an object, or a number beyond both.</summary>
    Other = 16,
}
