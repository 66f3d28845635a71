namespace Millrace.Storage.Series.Query.Direct;

/// <summary>Kinds of words.</summary>
internal enum LookupToken
{
    End,
    Word,
    Number,

    /// <summary>A name in double quotes.</summary>
    Quoted,

    /// <summary>A text in single quotes.</summary>
    Text,
    Symbol,

    /// <summary>Something that a look-up does not have.</summary>
    Other,
}
