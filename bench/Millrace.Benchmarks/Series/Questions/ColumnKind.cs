namespace Millrace.Benchmarks.Series.Questions;

/// <summary>What a column of an answer holds, whatever an engine writes it as.</summary>
internal enum ColumnKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>Seconds since 1970, a long.</summary>
    Time,

    /// <summary>A double.</summary>
    Number,
}
